"""Whether a turn asks for a person, as a visitor's chat meets it: the conversation waits for one."""
from driver import Agency, eventually, peers, rows


def measure(server):
    wanted = rows("handover/dev.jsonl")
    if not wanted:
        return
    agency = Agency(server, "primary_agent")
    key = agency.want(201, "POST", "/v1/integrations", {"provider": "web_chat", "capability": "chat"})["public_key"]
    said = {}
    for number, row in enumerate(wanted):
        made = agency.want(201, "POST", f"/v1/chat/{key}/messages", {
            "visitor_id": f"visitor-of-the-measure-{number}", "text": row["text"]})
        said[made["conversation_id"]] = row["label"]
    def concluded():
        return {d["subject"]["id"]: d["outcome"] for d in agency.every("/v1/decisions?agent=primary_agent")
                if d["outcome"].get("action") != "file"}
    eventually(lambda: said.keys() <= concluded().keys(), "what was made of the turns", 1200)
    asks = {id: outcome.get("action") == "handover" and outcome.get("detail") == "asked_for_human"
            for id, outcome in concluded().items()}
    hits = sum(asks[id] and label == 1 for id, label in said.items())
    marked, people = sum(asks[id] for id in said), sum(label == 1 for label in said.values())
    precision, recall = hits / max(1, marked), hits / max(1, people)
    peer = peers().get("handover", {}).get("all", {}).get("TF-IDF+LR, 5-fold on this file", {})
    yield ("chats of a bank, a hotel, a shop, and ordinary turns", f"{len(said)} rows", "F1; precision, recall",
           f"{2 * precision * recall / max(1e-9, precision + recall):.3f}; {precision:.3f}, {recall:.3f}",
           f"{peer['f1']:.3f}*; {peer['precision']:.3f}*, {peer['recall']:.3f}*" if peer else "")
