"""What people call the things of a home, in several languages. Data only: a concept, and words for it."""

from __future__ import annotations

from collections.abc import Mapping

CONCEPTS: Mapping[str, str] = {
    # kinds of things: domains and device classes of Home Assistant
    "light": "light lights lamp lamps licht lichter lampe lampen leuchte lumière lumières luz luces lámpara luce luci "
    "lampada lampen verlichting ljus lampa belysning valo valot lamppu světlo lampka światło",
    "switch": "switch switches plug socket schalter steckdose prise interrupteur interruptor enchufe presa "
    "interruttore schakelaar stopcontact strömbrytare uttag kytkin pistorasia gniazdko",
    "lock": "lock locks schloss türschloss serrure verrou cerradura serratura slot lås lukko zamek",
    "cover": "cover blind blinds shutter shutters curtain curtains rollo rollladen jalousie vorhang volet store rideau "
    "persiana cortina tapparella tenda rolluik gordijn rullgardin gardin kaihdin verho roleta",
    "garage": "garage garagentor autotalli garaje cochera garaż",
    "climate": "climate thermostat heating heater heizung klima chauffage climatisation calefacción termostato "
    "riscaldamento verwarming värme termostat lämmitys termostaatti ogrzewanie",
    "fan": "fan ventilator lüfter ventilateur ventilador ventilatore fläkt tuuletin wentylator",
    "media_player": "media player tv television speaker radio music fernseher lautsprecher musik télé télévision "
    "enceinte musique televisión altavoz música televisione altoparlante televisie luidspreker högtalare televisio "
    "kaiutin musiikki telewizor głośnik",
    "vacuum": "vacuum hoover robot staubsauger saugroboter aspirateur aspiradora aspirapolvere stofzuiger dammsugare "
    "imuri odkurzacz",
    "camera": "camera kamera caméra cámara telecamera fotocamera kamera",
    "temperature": "temperature warm cold temperatur température temperatura temperatuur lämpötila",
    "humidity": "humidity damp feuchtigkeit luftfeuchtigkeit humidité humedad umidità luchtvochtigheid fuktighet "
    "kosteus wilgotność",
    "battery": "battery batteries batterie akku pile batería pila batteria batterij batteri akku paristo bateria",
    "motion": "motion movement presence bewegung präsenz mouvement movimiento movimento beweging rörelse liike ruch",
    "door": "door tür tuer porte puerta porta deur dörr ovi drzwi",
    "window": "window fenster fenêtre ventana finestra raam fönster ikkuna okno",
    "power": "power watt leistung strom puissance potencia potenza vermogen effekt teho moc",
    "energy": "energy consumption energie energieverbrauch verbrauch énergie energía energia energie energi energia",
    "alarm_control_panel": "alarm alarmanlage alarme alarma allarme inbraakalarm larm hälytin",
    "moisture": "leak moisture wasser leck fuite fuga perdita lek läcka vuoto wyciek",
    "smoke": "smoke rauch rauchmelder fumée humo fumo rook rök savu dym",
    "valve": "valve ventil vanne válvula valvola klep kraan venttiili zawór",
    "weather": "weather wetter météo tiempo meteo weer väder sää pogoda",
    "todo": "todo list shopping einkaufsliste liste courses compra spesa boodschappen inköpslista ostoslista",
    "calendar": "calendar kalender calendrier calendario agenda kalenteri kalendarz",
    "person": "person people personne persona persoon henkilö",
    # rooms
    "kitchen": "kitchen küche kueche cuisine cocina cucina keuken kök keittiö kuchnia",
    "bedroom": "bedroom schlafzimmer chambre dormitorio camera slaapkamer sovrum makuuhuone sypialnia",
    "bathroom": "bathroom bath bad badezimmer bain baño bagno badkamer badrum kylpyhuone łazienka",
    "living_room": "living lounge wohnzimmer stube salon séjour sala salón soggiorno woonkamer vardagsrum olohuone "
    "stue salon",
    "hallway": "hallway hall entrance flur diele eingang couloir entrée pasillo entrada corridoio ingresso gang hal "
    "entré eteinen przedpokój",
    "garden": "garden yard outside garten draussen draußen jardin jardín giardino tuin trädgård puutarha piha ogród",
    "office": "office study büro arbeitszimmer bureau oficina despacho ufficio kantoor kontor työhuone biuro",
}

_EMPTY = (
    "the a an in of on at my is are to all der die das den im am ein eine le la les de du des un une el los las en "
    "il lo gli di del della het een op van i på av och and und et y e"
)
EMPTY = frozenset(_EMPTY.split())
"""Words that say nothing about what is looked for."""
