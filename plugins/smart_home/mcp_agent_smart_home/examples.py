"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "home_overview": [
        "what is on at home", "is everything all right in the house", "which batteries are low",
        "did I leave anything on", "is anybody home", "are any windows still open before I go",
        "how is the house doing", "is a device broken or offline", "which lamps are burning",
    ],
    "home_search_entities": [
        "where is the switch for the pond", "which lamps are in the living room",
        "do I have a motion detector in the attic", "list every gadget in the garage",
        "is there a smart plug next to the TV", "which sensors are there in the cellar",
        "how many radiators do we have", "what is the dehumidifier called",
    ],
    "home_get_state": [
        "is the front door locked", "how warm is it in the bedroom", "is the heating running",
        "how humid is the bathroom", "is my husband at home", "which song is playing in the living room",
        "how much power is the dryer drawing at the moment", "is the garage shut", "is the robot vacuum charging",
        "what is the thermostat set to",
    ],
    "home_list_services": [
        "what can I do with the thermostat", "which colours can the lamp show",
        "which commands does the vacuum understand", "what options does the speaker have",
        "can the blinds be opened half", "is it possible to change the speed of the fan",
        "which modes does the air conditioner offer",
    ],
    "home_call_service": [
        "switch on the reading lamp", "make it 21 degrees in here", "close the blinds", "dim the light in the nursery",
        "turn the thermostat down a bit", "play some jazz in the kitchen", "make the lamp a warmer colour",
        "the speaker is too loud", "put the fan on", "I am cold in the study", "turn the TV off",
        "it is too bright at my desk",
    ],
    "home_call_guarded_service": [
        "unlock the front door", "open the garage", "arm the alarm", "run the good night script", "let the postman in",
        "shut off the water", "open the gate for the delivery van", "lock up for the night",
        "press the doorbell button", "disarm the security system, it is me", "send a message to my wife's phone",
    ],
    "home_bulk_control": [
        "turn off all lights upstairs", "close all blinds in the living room", "everything off, I am leaving the house",
        "switch off every lamp in the flat", "kill the lights downstairs", "pause all speakers at once",
        "all Christmas decorations on", "set every radiator on the ground floor to 17", "shut all shutters",
    ],
    "home_get_history": [
        "when was the front door opened today", "how cold was it last night", "how long was the heating on yesterday",
        "what time did the kids come home", "when did the motion detector last go off",
        "was the garage left open this afternoon",
        "how has the temperature in the greenhouse changed since this morning", "when was the porch lamp switched off",
    ],
    "home_get_statistics": [
        "how much electricity did we use this week, and the week before", "how much water did we consume last month",
        "average temperature indoors per month this year", "did we burn more gas than last winter",
        "what did the solar panels yield over the year", "compare our energy consumption in March and April",
        "which was the hottest day of the summer", "kilowatt hours per day", "is our power bill going to be higher",
    ],
    "home_calendar": [
        "what is on this week", "when is the next bin collection", "do I have an appointment tomorrow",
        "when do I see the dentist", "am I free on Friday afternoon", "whose birthday comes next",
        "when do the school holidays start", "what are our plans for the weekend", "any meetings on Monday",
        "what is on my agenda today",
    ],
    "home_todo": [
        "what is on the shopping list", "what do I still need to buy", "which chores are left", "read me my tasks",
        "which groceries are we missing", "what do I have to do today", "is milk on the list already",
        "what have I ticked off so far",
    ],
    "home_change_todo": [
        "put milk on the shopping list", "tick off the light bulbs", "add eggs and bread to the groceries",
        "we are out of coffee", "I have bought the batteries, cross them off", "remind me to call the plumber",
        "take the paint off the list again", "new chore: water the plants by Saturday",
        "the laundry is done, check it off",
    ],
    "home_wait_for": [
        "tell me when the washing machine is done", "let me know once the dryer has finished",
        "say when the oven is hot", "tell me as soon as somebody gets home", "hold on till the garage is shut",
        "when the car is charged to 80 percent, say so", "let me know if it drops below 18 in the nursery",
        "watch the freezer till it is cold again",
    ],
    "home_get_automation": [
        "which automations are there", "what does the hallway automation do", "what happens by itself at sunset",
        "which rules do I have for the heating", "what is set up to run every morning",
        "does anything switch the porch light automatically", "list my routines", "is there a timer for the blinds",
    ],
    "home_set_automation": [
        "switch on the hallway light when somebody comes home after dark", "every morning at seven open the blinds",
        "whenever the washing machine finishes, message me", "lower the heating automatically as soon as we leave",
        "create a rule for the porch light at sunset", "from now on turn the TV off at midnight",
        "change the routine so that it begins at six", "if it rains, close the roof window",
        "set up a timer for the sprinkler",
    ],
    "home_remove_automation": [
        "delete the night light automation", "get rid of the morning routine", "I don't need the holiday rule any more",
        "remove the timer of the fish tank", "the blinds should never again go up by themselves",
        "throw out the old heating rule", "scrap the porch routine",
    ],
    "home_get_traces": [
        "why did the hallway light not come on", "what made the blinds go down just now",
        "the night routine did not run, what happened", "did the morning automation work today",
        "what turned the heating on by itself", "why did the rule go off at 3 in the morning",
        "where did the routine get stuck", "the lamp came on for no reason",
    ],
    "home_scenes": [
        "which scenes are there", "which moods have I saved", "what does movie night change",
        "list the lighting presets", "what ambiences are there for the dining room",
        "which lamps belong to the romantic scene", "what light moods do we have",
    ],
    "home_apply_scene": [
        "film night, please", "activate the romantic scene", "set the mood for dinner", "switch to reading mode",
        "party mode", "make it cosy in here", "get the living room ready for a movie", "bedtime lighting",
        "use the relax preset",
    ],
    "home_capture_scene": [
        "remember how the lights are now", "save this lighting as dinner",
        "store the present setting of the living room", "make a scene of how it looks at the moment",
        "keep this mood for another day", "I like this light, call it cosy", "name this ambience siesta",
    ],
    "home_camera_snapshot": [
        "who is at the door", "show me the garden camera", "take a look at the driveway", "is the baby asleep",
        "what is the dog up to", "has a parcel been left on the porch", "is the car standing outside",
        "let me see the front yard", "a photo of the entrance",
    ],
    "home_render_template": [
        "work out the mean of all temperatures in the house", "how many lamps are on altogether",
        "which room is the warmest", "count the open windows", "difference between inside and outside temperature",
        "add up the watts of all plugs", "evaluate this Jinja expression", "what percentage of the lights is on",
    ],
}
# fmt: on
