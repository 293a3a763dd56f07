"""Verifies every DKIM signature of a mail with dkimpy.

Usage: python dkim_verify.py MAIL RECORDS

RECORDS is JSON: names of TXT records and their texts, in place of DNS. Prints a line of JSON: for each signature,
top first, whether it holds.
"""
import json, sys

import dkim

mail = open(sys.argv[1], "rb").read()
records = json.load(open(sys.argv[2]))


def look_up(name, timeout=5):
    return records.get(name.decode().rstrip("."), "").encode()


def holds(index):
    try:
        return dkim.DKIM(mail, minkey=1024).verify(idx=index, dnsfunc=look_up)
    except dkim.DKIMException:
        return False


count = sum(line.lower().startswith(b"dkim-signature:") for line in mail.split(b"\r\n\r\n")[0].split(b"\r\n"))
print(json.dumps([holds(index) for index in range(count)]))
