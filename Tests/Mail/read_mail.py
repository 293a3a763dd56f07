"""Reads a mail with Python's own library and prints what it saw as JSON.

Usage: python read_mail.py MAIL
"""
import email, email.policy, json, sys

mail = email.message_from_bytes(open(sys.argv[1], "rb").read(), policy=email.policy.default)


def part(message):
    if message.is_multipart():
        return {"type": message.get_content_type(), "parts": [part(inner) for inner in message.iter_parts()]}
    content = message.get_content()
    return {
        "type": message.get_content_type(), "name": message.get_filename(), "method": message.get_param("method"),
        "disposition": message.get_content_disposition(),
        "text": content if isinstance(content, str) else content.decode("utf-8", "replace")}


print(json.dumps({
    "headers": [[name, str(value)] for name, value in mail.items()],
    "body": part(mail), "defects": [repr(defect) for defect in mail.defects]}))
