"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "home_overview": [
        "give me a quick summary of the house before I go to bed", "what is on at home",
        "is everything all right at home", "which batteries are low", "did I leave anything on at home",
        "is anybody home", "are any windows or doors open in the house", "how is the house doing",
        "is anything broken or offline at home", "which lights are on in the house", "is everything off at home",
    ],
    "home_search_entities": [
        "how many radiators and sockets are there", "where is the switch for the pond",
        "which lamps are there in the living room", "do we have a motion sensor in the garage",
        "list all devices in the kitchen", "is there a smart plug in the bedroom",
        "which sensors and devices do I have", "which lamps and plugs do we have",
        "what is the device in the cellar called", "which switch is for the pond pump",
    ],
    "home_get_state": [
        "is the front door locked right now", "how warm is it in the bedroom right now",
        "is the heating on at the moment", "how humid is it in the bathroom", "is my husband at home right now",
        "which song is playing in the living room", "is the garage closed right now", "is the vacuum still running",
        "is the robot vacuum charging", "what is the thermostat set to at the moment",
        "what is the temperature in the kitchen", "how much power is the dryer using at the moment",
        "is the window shut", "how warm is it outside",
    ],
    "home_list_services": [
        "what options does the robot have", "what can I do with the thermostat", "which commands can the vacuum do",
        "what is it possible to set on the speaker", "is it possible to change the speed of the fan",
        "which modes and settings does the air conditioner have", "which commands does the TV take",
        "what is possible with the lamp, which settings and colours",
    ],
    "home_call_service": [
        "switch on the reading lamp", "make it 21 degrees in here", "close the blinds in the living room",
        "dim the light in the bedroom", "turn the thermostat down a bit", "play some music in the kitchen",
        "make the light a warmer colour", "turn the speaker volume down", "turn off the TV", "it is too cold in here",
        "turn off the light in the bedroom", "mute the television", "turn up the heating", "start the vacuum",
        "turn on the fan", "open the blinds halfway", "pause the music",
    ],
    "home_call_guarded_service": [
        "let the cleaner in", "start watering the lawn", "restart the router", "turn the burglar alarm off",
        "unlock the front door", "lock the door", "open the garage", "arm the alarm", "run the good night script",
        "unlock the door for the postman", "shut off the water", "open the gate", "lock the front door for the night",
        "close the garage door", "press the doorbell button", "disarm the alarm", "send a message to my wife's phone",
        "open the garage door",
    ],
    "home_bulk_control": [
        "turn off all lights upstairs", "close all blinds in the whole flat", "turn everything off, I am leaving",
        "switch off all lamps in the house", "all lights off downstairs", "turn off all speakers",
        "turn all the Christmas lights on", "set all thermostats on the ground floor to 17",
        "shut all shutters upstairs", "everything off downstairs, we go to bed",
    ],
    "home_get_history": [
        "who opened the window this morning and when", "what time did the boiler start",
        "how warm did it get in the afternoon", "for how long was the TV on yesterday",
        "when was the front door opened today", "how cold was it last night", "how long was the heating on yesterday",
        "when did the kids come home yesterday", "when did the motion sensor last go off",
        "was the garage left open yesterday afternoon", "how did the temperature change since this morning",
        "when was the light switched off last night", "was the door opened last night",
    ],
    "home_get_statistics": [
        "how many kilowatt hours per month, what does the bill look like", "water consumption compared with last year",
        "on average, how warm is it in summer", "how much electricity did we use this week, and the week before",
        "how much water did we use last month", "the average temperature of each month this year",
        "did we use more gas than last winter", "how much did the solar panels make this year",
        "compare our electricity use of March and April", "which was the hottest day of the summer",
        "energy use per day this month", "how high is our electricity use compared to last year",
    ],
    "home_calendar": [
        "what is on this week", "when is the next bin collection", "do I have an appointment tomorrow",
        "when is my dentist appointment", "am I free on Friday", "whose birthday is next",
        "are there any birthdays this month", "when is the next school holiday", "any meetings on Monday",
        "what are our plans for the weekend", "what is on my agenda tonight", "when does grandma visit",
    ],
    "home_todo": [
        "what is on the shopping list", "what do I still need to buy", "which chores are left to do today",
        "read me the shopping list", "which groceries do we still need to buy", "what do I have to do today",
        "is milk on the shopping list already", "which tasks are still left", "what is left on my list to get done",
    ],
    "home_change_todo": [
        "put milk on the shopping list", "tick off the light bulbs", "add eggs and bread to the list",
        "we need more coffee", "I have bought the batteries", "remind me to call the plumber", "take milk off the list",
        "add a new task for Saturday", "add watering the plants to my tasks", "we are out of bread",
        "cross butter off the groceries", "I did the dishes, tick that off",
    ],
    "home_wait_for": [
        "tell me when the washing machine is done", "let me know when the dryer is done",
        "tell me when the oven is hot", "tell me as soon as somebody comes home", "wait till the garage is closed",
        "tell me when the car is charged to 80 percent", "let me know when it drops below 18 in the bedroom",
        "let me know as soon as the dishwasher is finished", "warn me as soon as it freezes outside",
    ],
    "home_get_automation": [
        "which timers and schedules are set up", "which automations are there", "what does the hallway automation do",
        "what happens automatically at sunset", "which rules do I have", "what happens automatically every morning",
        "does anything happen automatically at night", "list my routines and rules",
        "which routines and rules are there for the blinds", "explain the morning routine",
    ],
    "home_set_automation": [
        "switch on the hallway light automatically when somebody comes home after dark",
        "open the blinds automatically every morning at seven",
        "whenever the washing machine finishes, send me a message",
        "turn the heating down automatically whenever we leave",
        "create a rule that turns on the porch light at sunset", "from now on turn the TV off every night at midnight",
        "change the morning routine so that it starts at six", "whenever it rains, close the window automatically",
        "set up a new automation for the evening", "make a schedule: heating on at six every morning",
        "create a new routine",
    ],
    "home_remove_automation": [
        "scrap the old schedule, throw the timer out", "delete the night light automation",
        "get rid of the morning routine", "I don't need that rule any more, delete it",
        "delete the routine for the blinds", "remove the rule for the porch light", "get rid of this rule for good",
    ],
    "home_get_traces": [
        "why did the hallway light not come on", "why did the blinds go down by themselves",
        "why did the night routine not run", "did the morning automation run and why",
        "why did the heating come on by itself", "why did the automation not run last night",
        "what went wrong, why did the rule not run", "why did the lamp come on by itself for no reason",
    ],
    "home_scenes": [
        "which scenes are there", "which moods have I saved", "what does the movie scene do", "list the light scenes",
        "which scenes do I have", "which lights are part of the romantic scene", "what light moods do we have",
        "which presets are there for the lights",
    ],
    "home_apply_scene": [
        "film night, please", "activate the romantic scene", "set the mood for dinner", "switch to reading mode",
        "party mode", "make it cosy in here", "movie mode in the living room", "bedtime mode", "set a relaxing mood",
        "activate the dinner scene", "candle light atmosphere",
    ],
    "home_capture_scene": [
        "remember how the lights are now", "save this light as a scene for dinner",
        "save how the lights in the room are now", "save it as a new scene", "save this mood for later",
        "I like this light, save it as a cosy scene", "save the lights as they are now, as a preset",
        "keep this ambience",
    ],
    "home_camera_snapshot": [
        "who is at the front door", "show me the garden camera", "look at the driveway", "is the baby asleep",
        "has a parcel been left at the front door", "is the car in the driveway", "let me see the front garden",
        "a photo from the garage camera", "is somebody outside in the yard", "look what the dog is doing",
    ],
    "home_render_template": [
        "calculate how much colder it is than yesterday", "the total of all meters together",
        "work out the mean of all temperatures in the house", "count how many lights are on",
        "which is the warmest room", "count the open windows",
        "the difference between the temperature inside and outside", "add up the power of all plugs",
        "evaluate a Jinja expression", "work out the sum of the power of all plugs", "count how many windows are open",
    ],
}
# fmt: on
