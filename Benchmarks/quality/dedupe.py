"""Which records are one, as `/duplicates` tells: people as contacts with their other columns as custom fields, and a messy
list of leads whose companies are those that the import has made."""
import collections, csv, itertools, json, os, pathlib, urllib.parse

from driver import Agency, eventually, peers

PEOPLE = {
    "people_email": (("first_name", "surname"), "city", ("dob",)),
    "febrl1": (("given_name", "surname"), "suburb", (
        "street_number", "address_1", "address_2", "postcode", "state", "date_of_birth", "soc_sec_id"))}


def measure(server):
    folder = os.environ.get("BUREAU_DATA_SETS")
    if not folder:
        return
    folder, known = pathlib.Path(folder), peers().get("dedupe", {})
    for name, (names, place, custom) in PEOPLE.items():
        rows = table(folder / "dedupe" / f"{name}_input.csv")
        truth = {row["record_id"]: row["entity"] for row in table(folder / "dedupe" / f"{name}_labels.csv")}
        agency, made = Agency(server), {}
        for row in rows:
            body = {"name": " ".join(row[part] for part in names if row[part]) or "?"}
            if row[place]:
                body["location"] = row[place]
            body["custom"] = {column: row[column] for column in custom if row[column]}
            status, answer = agency.request("POST", "/v1/contacts", {**body, **email(row)})
            if status == 422:
                answer = agency.want(201, "POST", "/v1/contacts", body)
            made[answer["id"]] = row["record_id"]
        yield line(f"dedupe, {name}", clusters(made, pairs(agency, "contacts")), truth, known.get(name, {}))
    yield from leads(server, folder, known.get("leads-sample", {}))


def leads(server, folder, known):
    truth = {row["row_id"]: row for row in table(folder / "leads-sample-truth.csv")}
    agency = Agency(server)
    mapping = urllib.parse.quote(json.dumps({"row_id": "external_ids.row"}))
    body = (folder / "leads-sample.csv").read_bytes()
    started = agency.want(202, "POST", f"/v1/leads/import?dedupe=create&mapping={mapping}", body, "text/csv")
    agency.follow(f"/v1/imports/{started['id']}", ("completed", "failed"))
    rows = list(agency.every("/v1/leads"))
    of_lead = {lead["id"]: lead["external_ids"]["row"] for lead in rows}
    persons = {row: truth[row]["person_id"] for row in of_lead.values()}
    yield line("dedupe, leads-sample, people", clusters(of_lead, pairs(agency, "leads")), persons, {})
    entities = {row: truth[row]["entity_id"] for row in of_lead.values()}
    firms = collections.defaultdict(list)
    for lead in rows:
        firms[lead["company_id"] or lead["id"]].append(of_lead[lead["id"]])
    joined = Union(firms)
    for one, other in pairs(agency, "companies"):
        joined.join(one, other)
    cluster = {row: joined.find(firm) for firm, members in firms.items() for row in members}
    yield line("dedupe, leads-sample, companies", cluster, entities, known)


def email(row):
    return {"email": row["email"]} if row.get("email") else {}


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pairs(agency, kind):
    eventually(lambda: agency.want(200, "GET", f"/v1/{kind}/duplicates?limit=1")["is_complete"], "the pairs")
    return [tuple(pair[kind]) for pair in agency.every(f"/v1/{kind}/duplicates")]


class Union:
    def __init__(self, items):
        self.parent = {item: item for item in items}

    def find(self, item):
        while self.parent[item] != item:
            self.parent[item] = item = self.parent[self.parent[item]]
        return item

    def join(self, one, other):
        if one in self.parent and other in self.parent:
            self.parent[self.find(one)] = self.find(other)


def clusters(names, found):
    union = Union(names)
    for one, other in found:
        union.join(one, other)
    return {name: union.find(item) for item, name in names.items()}


def line(name, cluster, truth, known):
    wanted, found = together(truth), together(cluster)
    hits = len(wanted & found)
    precision, recall = hits / max(1, len(found)), hits / max(1, len(wanted))
    f1 = 2 * precision * recall / (precision + recall) if hits else 0
    peer = max((figures["f1"] for figures in known.values()), default=None)
    return (name, f"{len(cluster)} rows", "precision, recall, F1", f"{precision:.3f}, {recall:.3f}, {f1:.3f}",
            f"F1 {peer:.3f}" if peer else "")


def together(cluster):
    groups = collections.defaultdict(list)
    for item, group in cluster.items():
        groups[group].append(item)
    return {tuple(sorted(pair)) for items in groups.values() for pair in itertools.combinations(items, 2)}
