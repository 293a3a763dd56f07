import Foundation
import JSON
import Testing

@Suite(.ownThread) struct Reports {
    let server = BureauProcess.shared

    /// The day so many days from now, in UTC.
    private func day(_ offset: Int) -> String {
        Date().addingTimeInterval(Double(offset) * 86_400).formatted(.iso8601.year().month().day())
    }

    /// A client with work that is done, and figures of ten days.
    private func busy(_ owner: Caller, _ more: JSONObject = [:]) throws -> JSON {
        let client = try owner.makeClient(more)
        let project = try owner.project(
            client, ["status": "active", "milestones": [["name": "Launch", "due_on": "2030-05-01"]]])
        for index in 0..<3 {
            let task = try owner.task(project, "T\(index)")
            if index > 0 { try owner.patch("/v1/tasks/\(task.id)", ["status": "done"]).ok() }
        }
        for name in ["Logo", "Text"] {
            let made = try owner.deliverable(project, ["name": .string(name), "text": "Done"])
            _ = try owner.step(made, "submit")
            _ = try owner.step(made, "review", ["passed": true])
            if name == "Logo" { _ = try owner.step(made, "approve") }
        }
        let data = (0..<10).flatMap { offset -> [JSON] in
            [("clicks", JSON.null, offset < 5 ? 20 : 10), ("rate", "%", 4)].map { metric, unit, value in
                [
                    "client_id": .string(client.id), "source": "google_ads", "metric": .string(metric),
                    "date": .string(day(-offset)), "value": .integer(Int64(value)), "unit": unit,
                ]
            }
        }
        try owner.post("/v1/metrics", ["data": .array(data)]).ok()
        return client
    }

    private func report(_ owner: Caller, _ client: JSON, _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = [
            "client_id": .string(client.id), "period_start": .string(day(-4)), "period_end": .string(day(0)),
        ]
        for (key, value) in more.members { body[key] = value }
        return try owner.post("/v1/reports", .object(body)).ok(201)
    }

    @Test func `each number of a report is what its records come to`() throws {
        let owner = try server.quietAgency().owner, client = try busy(owner)
        // Another client's work is in no figure.
        _ = try busy(owner, ["name": "Other"])
        let report = try report(owner, client)
        #expect(report.text("status") == "draft" && report.text("kind") == "adhoc")
        let figures = (report["sections"]?.array ?? []).flatMap { $0["figures"]?.array ?? [] }
        let values = Dictionary(
            figures.map { ($0.text("label"), $0["value"]?.double) }, uniquingKeysWith: { $1 })
        #expect(
            values == [
                "Tasks finished": 2, "Deliverables approved": 1, "Waiting for your approval": 1,
                "Clicks": 100,
                "Rate": 4, "Website": 66,
            ])
        for figure in figures {
            let query = figure.text("query"), value = figure["value"]?.double
            #expect(!figure.text("source").isEmpty)
            switch figure.text("aggregate") {
            case "count": #expect(try Double(owner.every(query).count) == value, "\(query)")
            case "value": #expect(try owner.get(query).ok()["progress"]?.double == value)
            default:
                let records = try owner.every(query).compactMap { $0["value"]?.double }
                #expect(records.count == 5, "\(query)")
                let sum = records.reduce(0, +)
                #expect((figure.text("aggregate") == "sum" ? sum : sum / 5) == value)
            }
        }
        #expect(figures.first { $0.text("label") == "Clicks" }?["previous"]?.double == 50)
        let charts = (report["sections"]?.array ?? []).flatMap { $0["charts"]?.array ?? [] }
        #expect(charts.map { $0["points"]?.array?.count } == [5, 5])
        let summary = report.text("summary")
        #expect(summary.contains("2 tasks were finished and one deliverable was approved"))
        #expect(summary.contains("Clicks rose by 100 % to 100") && summary.contains("One deliverable waits"))
        try owner.patch("/v1/reports/\(report.id)", ["status": "sent"]).problem(422)
        #expect(
            try owner.patch("/v1/reports/\(report.id)", ["summary": "Fine."]).ok().text("summary") == "Fine.")
    }

    @Test func `each audience has its own sections, and a client sees only what is for clients`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let client = try busy(owner, ["contact_email": "ann@acme.example"])
        try owner.post(
            "/v1/subscriptions",
            [
                "client_id": .string(client.id), "description": "Growth, a month", "price": cents(150_050),
                "starts_on": .string(day(0)),
            ]
        ).ok(201)
        try eventuallyTrue("the first invoice") { try owner.every("/v1/invoices").count == 1 }
        let project = try #require(try owner.every("/v1/projects?client_id=\(client.id)").first)
        _ = try owner.task(project, "Late", ["due_on": "2020-01-01"])
        _ = try owner.task(project, "Stuck", ["status": "blocked"])
        let reports = try ["client", "manager", "executive"].map {
            try report(owner, client, ["audience": .string($0), "status": "ready"])
        }
        func titles(_ report: JSON) -> [String] { report["sections"]?.array?.map { $0.text("title") } ?? [] }
        #expect(titles(reports[0]) == ["What was done", "Google Ads", "Where the projects stand"])
        #expect(
            titles(reports[1])
                == ["What was done", "What needs attention", "Google Ads", "Where the projects stand"])
        #expect(titles(reports[2]) == ["The business with the client", "Where the projects stand"])
        func figures(_ report: JSON) -> [JSON] {
            (report["sections"]?.array ?? []).flatMap { $0["figures"]?.array ?? [] }
        }
        func value(_ report: JSON, _ label: String) -> Double? {
            figures(report).first { $0.text("label") == label }?["value"]?.double
        }
        #expect(
            value(reports[1], "Tasks that are late") == 1 && value(reports[1], "Tasks that are blocked") == 1)
        #expect(value(reports[1], "Waiting for the client") == 1)
        #expect(value(reports[2], "Monthly fee") == 1500.5 && value(reports[2], "Unpaid invoices") == 1)
        for figure in reports[1...].flatMap(figures) where figure.text("aggregate") == "count" {
            let query = figure.text("query")
            #expect(try Double(owner.every(query).count) == figure["value"]?.double, "\(query)")
        }
        #expect(reports[1].text("title").contains("for the account manager"))
        #expect(reports[2].text("summary").hasPrefix("The client is "))
        #expect(try owner.every("/v1/reports?audience=manager").map(\.id) == [reports[1].id])
        for inside in reports[1...] {
            try owner.post("/v1/reports/\(inside.id)/send").problem(409, "conflict")
            #expect(try owner.get("/v1/reports/\(inside.id).html").status == 200)
            #expect(try owner.get("/v1/reports/\(inside.id).pdf").body.starts(with: "%PDF-".utf8))
        }
        let ann = try agency.clientPerson(of: client, "admin", email: "ann@acme.example")
        #expect(try ann.every("/v1/portal/reports").map(\.id) == [reports[0].id])
        for path in ["", ".html", ".pdf"] {
            try ann.get("/v1/portal/reports/\(reports[1].id)\(path)").problem(404)
        }
        let body: JSON = ["client_id": .string(client.id), "audience": "press"]
        #expect(try owner.post("/v1/reports", body).faults() == ["/audience": "invalid_choice"])
    }

    @Test func `the agency's own reports come as often as it has set, and whoever they are for is told`()
        throws
    {
        let sandbox = try server.quietAgency().sandbox(), owner = sandbox.owner
        try sandbox.quieten()
        let agent = "/v1/agents/client_management"
        try owner.patch(agent, ["state": "active"]).ok()
        try owner.patch(
            "\(agent)/config", ["manager_reports": "weekly", "executive_reports": "monthly"]
        ).ok()
        try owner.post("\(agent)/config/publish").ok()
        let client = try owner.makeClient(["contact_email": "ann@acme.example"])
        try owner.patch("/v1/clients/\(client.id)", ["status": "active"]).ok()
        for day in ["2027-01-13", "2027-01-20", "2027-01-27", "2027-02-03"] {
            try sandbox.advance(to: "\(day)T00:00:00Z")
        }
        func starts(_ audience: String) throws -> [String] {
            try owner.every("/v1/reports?client_id=\(client.id)&audience=\(audience)")
                .map { $0.text("period_start") }.sorted()
        }
        #expect(try starts("manager") == ["2027-01-04", "2027-01-11", "2027-01-18", "2027-01-25"])
        #expect(try starts("executive") == ["2027-01-01"] && starts("client") == ["2027-01-01"])
        let inside = try owner.every("/v1/reports").filter { $0.text("audience") != "client" }
        #expect(inside.allSatisfy { $0.text("status") == "ready" && $0["message_id"] == .null })
        let told = try owner.every("/v1/notifications").filter { $0.text("kind") == "report_ready" }
        #expect(told.count == 5)
    }

    @Test func `a report goes by the channel that the client asked for, as a word with its link`() throws {
        let line = try TextLine(server), owner = line.agency.owner
        let contact = try owner.post(
            "/v1/contacts", ["name": "Ann", "email": "ann@acme.example", "phone": "+15550000002"]
        ).ok(201)
        let client = try busy(owner, ["contact_id": .string(contact.id)])
        try line.hears("Hello", "SM1")
        func sent(_ report: JSON) throws -> JSON {
            try owner.post("/v1/reports/\(report.id)/send").ok()
            let kept = try eventually("the message") { () -> JSON? in
                let report = try owner.get("/v1/reports/\(report.id)").ok()
                return report["message_id"] == .null ? Optional.none : report
            }
            return try owner.get("/v1/messages/\(kept.text("message_id"))").ok()
        }
        #expect(try sent(report(owner, client)).text("channel") == "email", "who has asked for nothing")
        let begun = try #require(try owner.every("/v1/onboardings?client_id=\(client.id)").first)
        try owner.post(
            "/v1/onboardings/\(begun.id)/steps/preferences/complete", ["answers": ["channel": "sms"]]
        ).ok()
        let made = try report(owner, client), message = try sent(made)
        #expect(message.text("channel") == "sms" && message.text("recipient") == "+15550000002")
        #expect(message["attachments"]?.array?.isEmpty != false)
        let text = message.text("text")
        #expect(text.contains(made.text("title")))
        let path = try #require(text.firstRange(of: "/b/")).lowerBound
        let link = String(text[path...].prefix { !$0.isWhitespace })
        let page = try server.anonymous.get(link)
        #expect(page.status == 200 && page.text.contains("Tasks finished"))
        let paper = try server.anonymous.get("\(link)/report.pdf")
        #expect(paper.status == 200 && paper.body.starts(with: "%PDF-".utf8))
        try server.anonymous.get("\(link)x").problem(404)
        try owner.patch("/v1/clients/\(client.id)", ["status": "former"]).ok()
        try server.anonymous.get(link).problem(404)
    }

    @Test func `what is wrong with a report is named`() throws {
        let owner = try server.quietAgency().owner, client = try owner.makeClient()
        func faults(_ more: JSONObject) throws -> [String: String] {
            var body: JSONObject = ["client_id": .string(client.id)]
            for (key, value) in more.members { body[key] = value }
            return try owner.post("/v1/reports", .object(body)).faults()
        }
        #expect(try owner.post("/v1/reports", [:]).faults() == ["/client_id": "required"])
        #expect(
            try faults(["period_start": "2030-02-01", "period_end": "2030-01-01"])
                == ["/period_end": "out_of_range"])
        #expect(
            try faults(["period_start": "2020-02-01", "period_end": "2030-01-01"])
                == ["/period_start": "out_of_range"])
        #expect(try faults(["kind": "yearly"]) == ["/kind": "invalid_choice"])
        #expect(try faults(["locale": "?"]) == ["/locale": "invalid_locale"])
        #expect(try faults(["status": "sent"]) == ["/status": "invalid_choice"])
        let stranger = try server.quietAgency().owner
        #expect(
            try stranger.post("/v1/reports", ["client_id": .string(client.id)]).faults()
                == ["/client_id": "unknown_reference"])
        let monthly = try owner.post(
            "/v1/reports", ["client_id": .string(client.id), "kind": "monthly", "status": "ready"]
        ).ok(201)
        #expect(monthly.text("period_start").hasSuffix("-01") && monthly.text("status") == "ready")
        for path in ["", ".html", ".pdf"] {
            try stranger.get("/v1/reports/\(monthly.id)\(path)").problem(404)
        }
        let nobody = try owner.makeClient(["contact_email": .null])
        let lost = try report(owner, nobody)
        try owner.post("/v1/reports/\(lost.id)/send").problem(409, "conflict")
    }

    @Test func `a report is a page, a file, and a mail with it`() throws {
        let owner = try server.quietAgency().owner
        let contact = try owner.post(
            "/v1/contacts", ["name": "Änne <b>", "email": "aenne@example.com", "locale": "de"]
        ).ok(201)
        let client = try busy(owner, ["contact_id": .string(contact.id), "name": "Kaffee & <b>"])
        let made = try report(owner, client)
        #expect(made.text("locale") == "de" && made.text("title").hasPrefix("Bericht"))
        #expect(made.text("summary").contains("wurden 2 Aufgaben erledigt und ein Ergebnis freigegeben"))
        let page = try owner.get("/v1/reports/\(made.id).html")
        #expect(page.status == 200 && page.header("Content-Type")?.hasPrefix("text/html") == true)
        #expect(page.text.contains("Kaffee &amp; &lt;b&gt;") && page.text.contains("<polyline"))
        #expect(page.text.contains("lang=\"de\"") && page.text.contains("Erledigte Aufgaben"))
        #expect(try owner.get("/v1/reports/\(made.id).pdf").body.starts(with: "%PDF-".utf8))
        let sent = try owner.post("/v1/reports/\(made.id)/send").ok()
        #expect(sent.text("status") == "sent" && sent["sent_at"]?.text != nil)
        let kept = try eventually("the mail") {
            let report = try owner.get("/v1/reports/\(made.id)").ok()
            return report["message_id"] == .null ? Optional.none : report
        }
        let message = try owner.get("/v1/messages/\(kept.text("message_id"))").ok()
        #expect(message["attachments"] == [.string(kept.text("file_id"))])
        #expect(
            message.text("recipient") == "aenne@example.com" && message.text("purpose") == "transactional")
        #expect(
            message.text("subject") == made.text("title") && message.text("text").contains("Guten Tag Änne"))
        let file = try owner.get("/v1/files/\(kept.text("file_id"))/content").body
        #expect(try owner.get("/v1/reports/\(made.id).pdf").body == file, "what is served is what was sent")
        // A sent report stays as it is.
        try owner.post("/v1/reports/\(made.id)/send").problem(409, "invalid_transition")
        try owner.patch("/v1/reports/\(made.id)", ["summary": "Else"]).problem(409, "invalid_transition")
        try owner.delete("/v1/reports/\(made.id)").problem(409, "invalid_transition")
        #expect(try owner.told("report.sent").count == 1)
    }

    @Test func `reports come by themselves, as often as the package promises, and clients' health with them`()
        throws
    {
        let sandbox = try server.quietAgency().sandbox(), owner = sandbox.owner
        try sandbox.quieten()
        try owner.patch("/v1/agents/client_management", ["state": "active"]).ok()
        let package = try owner.post(
            "/v1/packages", ["name": "Weekly", "price": cents(100_000), "report_cadence": "weekly"]
        ).ok(201)
        let often = try owner.makeClient(["name": "Often", "package_id": .string(package.id)])
        let rarely = try owner.makeClient(["name": "Rarely", "contact_email": "rarely@example.com"])
        try owner.patch("/v1/clients/\(often.id)", ["status": "active"]).ok()
        let project = try owner.project(rarely)
        for index in 0..<8 {
            _ = try owner.task(
                project, "T\(index)", ["due_on": "2027-01-06", "status": index < 3 ? "blocked" : "todo"])
        }
        // Week by week: a busy machine answers in time, too.
        for day in ["2027-01-13", "2027-01-20", "2027-01-27", "2027-02-03", "2027-02-10"] {
            try sandbox.advance(to: "\(day)T00:00:00Z")
        }
        func starts(_ client: JSON, _ kind: String) throws -> [String] {
            try owner.every("/v1/reports?client_id=\(client.id)&kind=\(kind)").map { $0.text("period_start") }
                .sorted()
        }
        #expect(
            try starts(often, "weekly")
                == ["2027-01-04", "2027-01-11", "2027-01-18", "2027-01-25", "2027-02-01"])
        #expect(try starts(rarely, "monthly") == ["2027-01-01"] && starts(often, "monthly") == [])
        #expect(try owner.every("/v1/reports?status=ready").count == 6)
        // Five late tasks take 25, three blocked ones 12.
        #expect(try owner.get("/v1/clients/\(rarely.id)").ok().text("health") == "watch")
        #expect(try owner.get("/v1/clients/\(often.id)").ok().text("health") == "good")
        let profile = try owner.get("/v1/clients/\(rarely.id)/profile").ok()
        #expect(profile["health"]?["score"] == 63 && profile["open_tasks"]?.array?.count == 8)
        #expect(profile["reports"]?.array?.count == 1 && profile["client"]?.id == rarely.id)
        let factors = profile["health"]?["factors"]?.array ?? []
        #expect(factors.first { $0.text("name") == "overdue_tasks" }?["contribution"]?.double == -25)
        let decision = try owner.get("/v1/decisions/\(profile["health"]?.text("decision_id") ?? "")").ok()
        #expect(decision.text("agent") == "client_management" && decision["outcome"]?["score"] == 63)
        #expect(try owner.told("client.health_changed", of: rarely.id).count >= 1)
    }

    @Test(arguments: [
        ("monthly", "2027-02-01", ["2027-01-01"]),
        ("weekly", "2027-02-01", ["2027-01-04", "2027-01-11", "2027-01-18", "2027-01-25"]),
        ("quarterly", "2027-04-01", ["2027-01-01"]),
    ])
    func `on the first of a month at eight a client has its report, as often as report_frequency says`(
        frequency: String, day: String, starts: [String]
    ) throws {
        let sandbox = try server.quietAgency().sandbox(), owner = sandbox.owner
        try sandbox.quieten()
        try sandbox.keepSchedules(of: "client_management")
        try owner.patch("/v1/agents/client_management", ["state": "active"]).ok()
        func often() throws -> JSON? {
            try owner.get("/api/control/config").ok()["client_management"]?["report_frequency"]
        }
        #expect(try often() == "monthly", "unless an agency says otherwise")
        try owner.put(
            "/api/control/config", ["client_management": ["report_frequency": .string(frequency)]]
        ).ok()
        #expect(try often() == .string(frequency))
        let client = try owner.makeClient()
        try owner.patch("/v1/clients/\(client.id)", ["status": "active"]).ok()
        func reports() throws -> [JSON] {
            try owner.every("/v1/reports?client_id=\(client.id)&kind=\(frequency)")
                .sorted { $0.text("period_start") < $1.text("period_start") }
        }
        try sandbox.advance(to: "\(day)T07:59:00Z")
        #expect(try reports().map { $0.text("period_start") } == Array(starts.dropLast()))
        try sandbox.advance(to: "\(day)T08:01:00Z")
        #expect(try reports().map { $0.text("period_start") } == starts)
        #expect(try reports().last?.text("created_at").hasPrefix("\(day)T08:00") == true)
        #expect(try owner.every("/v1/reports").count == starts.count, "and none of another kind")
    }

    @Test
    func `a report that the agent sends leaves in its name; observing, it is kept as what it would send`()
        throws
    {
        let sandbox = try server.quietAgency().sandbox(), owner = sandbox.owner
        try sandbox.readyToSend()
        let agent = "/v1/agents/client_management"
        try owner.patch(agent, ["state": "active", "autonomy": "observe"]).ok()
        let client = try owner.makeClient(["contact_email": "jane@client.example"])
        try owner.patch("/v1/clients/\(client.id)", ["status": "active"]).ok()
        func calls() throws -> [JSON] {
            try owner.every("/v1/tool-calls?tool=send_message&agent=client_management")
        }
        try sandbox.advance(to: "2027-02-02T00:00:00Z")
        #expect(try owner.every("/v1/reports").isEmpty)
        let seen = try calls()
        #expect(!seen.isEmpty && seen.allSatisfy { $0.text("state") == "observed" })
        let ofRuns = seen.filter { $0["run_id"]?.text != nil }
        #expect(!ofRuns.isEmpty && ofRuns.allSatisfy { $0["subject"]?.id == client.id })
        try owner.patch(agent, ["autonomy": "autopilot"]).ok()
        try sandbox.advance("P2D")
        let report = try #require(try owner.every("/v1/reports").first)
        #expect(report.text("status") == "sent")
        let mail = try owner.get("/v1/messages/\(report.text("message_id"))").ok()
        #expect(mail["author"]?.id == "client_management" && mail.text("status") == "sent")
        let left = try calls().filter { $0.text("state") != "observed" }
        #expect(left.map { $0["subject"]?.id } == [mail.id] && left.first?["run_id"] == mail["run_id"])
    }
}
