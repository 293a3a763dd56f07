"""Reads a calendar and says as JSON what icalendar makes of it."""
import datetime
import json
import sys

from icalendar import Calendar

calendar = Calendar.from_ical(open(sys.argv[1], "rb").read())
days = []
for event in calendar.walk("VEVENT"):
    start, end = event.decoded("dtstart"), event.decoded("dtend")
    days.append({
        "uid": str(event["uid"]), "summary": str(event["summary"]), "about": str(event.get("description", "")),
        "start": start.isoformat(), "end": end.isoformat(),
        "whole_day": not isinstance(start, datetime.datetime), "stamp": event.decoded("dtstamp").isoformat(),
    })
print(json.dumps({"name": str(calendar["x-wr-calname"]), "version": str(calendar["version"]), "days": days}))
