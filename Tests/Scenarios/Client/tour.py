"""A tour of the API with a client that openapi-python-client has generated from /openapi.json.

Usage: tour.py PLAN, a file of JSON: {url, config, email, password, folder}. Prints JSON: {faults, leads, file}.
"""
import io, json, os, re, subprocess, sys, traceback, urllib.request

plan = json.load(open(sys.argv[1]))
os.chdir(plan["folder"])
sys.path.insert(0, plan["folder"])
faults, found = [], {}


def generate():
    urllib.request.urlretrieve(f"{plan['url']}/openapi.json", "openapi.json")
    done = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json", "--meta", "none", "--output-path", "client",
         "--config", plan["config"]], capture_output=True, text=True)
    said = done.stdout + done.stderr
    if done.returncode != 0 or "Error(s)" in said:
        raise SystemExit(json.dumps({"faults": [f"it was not generated: {said[-2000:]}"]}))
    # Files of rows are sent as the part of a form; every other operation has a function of its own.
    for line in re.findall(r"WARNING parsing (.*)", said):
        if "/import within" not in line or "will not be generated" in line:
            faults.append(f"the generator says: {line}")


generate()
import client.models as models  # noqa: E402
from client import AuthenticatedClient, Client  # noqa: E402
from client.types import UNSET, File  # noqa: E402


def operation(name):
    """The module of an operation, whatever its tag."""
    for folder, _, files in os.walk("client/api"):
        if f"{name}.py" in files:
            place = os.path.join(folder, name).replace(os.sep, ".")
            return __import__(place, fromlist=["sync_detailed"])
    raise LookupError(f"no operation {name}")


def call(_operation, *args, **kwargs):
    answer = operation(_operation).sync_detailed(*args, **kwargs)
    return answer.status_code, answer.parsed


def expect(what, is_so):
    if not is_so:
        faults.append(what)


def tour():
    stranger = Client(base_url=plan["url"])
    body = models.Login(email=plan["email"], password=plan["password"])
    status, session = call("log_in", client=stranger, body=body)
    expect(f"signed in: {status}", status == 200)
    me = AuthenticatedClient(base_url=plan["url"], token=session.access_token)

    # A record's whole life, typed.
    for number in range(5):
        body = models.LeadCreate(company=f"Company {number}", email=f"lead{number}@northwind.example")
        status, lead = call("create_lead", client=me, body=body)
        expect(f"created: {status}", status == 201 and lead.company == f"Company {number}")
    status, changed = call("update_lead", lead.id, client=me, body=models.LeadPatch(notes="Call on Monday"))
    expect("changed", status == 200 and changed.notes == "Call on Monday" and changed.version == lead.version + 1)
    status, read = call("get_lead", lead.id, client=me)
    expect("read", read.notes == "Call on Monday" and isinstance(read.status, models.LeadStatus))
    status, _ = call("delete_lead", lead.id, client=me)
    expect(f"deleted: {status}", status == 204)

    # Page by page.
    names, cursor = [], UNSET
    while True:
        status, page = call("list_leads", client=me, limit=2, sort="company", cursor=cursor, total=True)
        expect(f"listed: {status}, total {page.total}", status == 200 and page.total == 4)
        names += [one.company for one in page.data]
        if not page.has_more:
            break
        cursor = page.next_cursor
    expect(f"pages: {names}", names == [f"Company {number}" for number in range(4)])

    # Every fault of a body, typed.
    status, problem = call("create_lead", client=me, body=models.LeadCreate(company="", email="nobody"))
    codes = {fault.pointer: fault.code for fault in problem.errors}
    expect(f"faults: {codes}", status == 422 and codes == {"/company": "required", "/email": "invalid_email"})
    status, problem = call("get_lead", "lead_00000000000000000000000000", client=me)
    expect("a problem", status == 404 and isinstance(problem, models.Problem) and problem.code == "not_found")

    # CSV in and out.
    rows = b"company,email\nImported,imported@northwind.example\n"
    part = File(payload=io.BytesIO(rows), file_name="leads.csv", mime_type="text/csv")
    form = next(getattr(models, name) for name in dir(models) if re.fullmatch(r"ImportLeads(Files)?Body", name))
    status, started = call("import_leads", client=me, body=form(file=part))
    expect(f"import: {status}", status == 202)
    while started.status not in ("completed", "failed", "cancelled"):
        status, started = call("get_import", started.id, client=me)
    expect(f"imported: {started.status}", started.status == "completed" and started.created == 1)
    status, text = call("export_leads", client=me)
    found["leads"] = len(text.splitlines()) - 1
    expect("exported", status == 200 and "imported@northwind.example" in text)

    # Bytes in and out.
    bytes_ = bytes(range(256)) * 4
    status, kept = call("upload_file", client=me, body=File(payload=io.BytesIO(bytes_)), name="all.bin")
    expect(f"uploaded: {status}", status == 201 and kept.size == len(bytes_))
    status, back = call("download_file", kept.id, client=me)
    expect("the same bytes", status == 200 and back.payload.read() == bytes_)
    found["file"] = kept.id

    # A document.
    status, company = call("create_client", client=me, body=models.ClientCreate(name="Northwind Trading"))
    expect(f"a client: {status}", status == 201)
    draft = models.InvoiceCreate.from_dict({
        "client_id": company.id, "due_on": "2030-01-31",
        "items": [{"description": "A site", "quantity": 1, "unit_price": {"amount": 250000, "currency": "USD"}}],
    })
    status, invoice = call("create_invoice", client=me, body=draft)
    expect(f"an invoice: {status}", status == 201)
    status, paper = call("get_invoice_pdf", invoice.id, client=me)
    expect("a PDF", status == 200 and paper.payload.read(5) == b"%PDF-")

    # An action beyond create, read, update and delete.
    active = models.AgentPatch.from_dict({"state": "active"})
    status, agent = call("update_agent", "lead_scoring", client=me, body=active)
    expect(f"activated: {status}", status == 200 and str(agent.state) == "active")
    status, scored = call("score_lead", page.data[0].id, client=me)
    expect(f"scored: {status}", status in (200, 202))
    status, agents = call("list_agents", client=me)
    expect("agents", any(one.name == "lead_scoring" for one in agents.data))
    status, _ = call("log_out", client=me)
    expect(f"signed out: {status}", status == 204)
    status, problem = call("get_me", client=me)
    expect(f"the session is over: {status}", status == 401 and problem.code == "unauthenticated")


try:
    tour()
except Exception:
    faults.append(traceback.format_exc()[-2000:])
print(json.dumps({"faults": faults, **found}))
