import Foundation
import JSON
import StandIns
import Testing

/// Reports on an agency's data: each for its readers, in several forms, made and told when it is due.
@Suite(.ownThread) struct DataReports {
    let server = BureauProcess.shared

    private func agency() throws -> Agency {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        return agency
    }

    @discardableResult private func run(_ agency: Agency, _ task: String) throws -> JSON {
        let run = try agency.owner.ended(
            "/v1/agents/data_management/runs", ["parameters": ["task": .string(task)]])
        #expect(run.text("status") == "succeeded", "\(run)")
        return run["result"] ?? .null
    }

    @Test func `a report is made for its readers, as a page, on paper and for a spreadsheet`() throws {
        let agency = try agency()
        try agency.owner.post("/v1/leads", ["company": "Bare"]).ok(201)
        _ = try agency.makeLead(1, ["email": "jane@gmial.com", "contact_name": "???"])
        _ = try agency.imported(csv(csvHeader, [csvRow(2, ["E-Mail": "broken"])]))
        try run(agency, "scan")
        let broken = Set(try agency.owner.every("/v1/quality-issues?status=open").map { $0.text("rule") })
        #expect(broken.count > 5)
        let titles = [
            "executive": "Data quality at a glance", "technical": "Technical report on data",
            "trend": "How data quality went",
        ]
        for kind in ["executive", "technical", "trend"] {
            let report = try agency.owner.post("/v1/data-reports", ["kind": .string(kind)]).ok(201)
            let path = "/v1/data-reports/\(report.id)"
            #expect(report.text("kind") == kind && report["content"]?["areas"]?.array?.count == 5)
            // Executives read of the five worst rules, technicians of all, and neither stands in a trend.
            let rules = report["content"]?["rules"]?.array
            #expect(rules?.count == ["executive": 5, "technical": broken.count][kind], "\(kind)")
            let errors = report["content"]?["errors"]?.array?.map { $0.text("component") }
            #expect(errors == (kind == "trend" ? nil : ["import of leads"]))
            try told(report, path, agency.owner, of: broken)
            let page = try agency.owner.get(path + ".html")
            #expect(page.status == 200 && page.text.contains("<table>"))
            #expect(page.text.contains("<h1>\(titles[kind] ?? "")</h1>"))
            #expect(page.text.contains("What should be done") == (kind != "trend"))
            let shown = broken.count { page.text.contains("<td>\($0)</td>") }
            #expect(shown == ["executive": 5, "technical": broken.count][kind] ?? 0)
            let paper = try printed(path, agency.owner)
            #expect(paper.contains(titles[kind] ?? "-") && paper.contains("Areas"), "\(paper)")
            let sheet = try agency.owner.get(path + ".csv")
            #expect(sheet.status == 200 && sheet.text.contains("Areas,Area,Score"))
            for text in [paper, sheet.text] where kind != "trend" {
                #expect(broken.count { text.contains($0) } >= shown && text.contains("import of leads"))
            }
        }
        try agency.owner.post("/v1/data-reports", ["kind": "gossip"]).problem(422, "invalid_choice")
        #expect(try agency.owner.told("data_report.created").count == 3)
    }

    /// The text of a report on paper, as an independent reader (poppler-utils) finds it.
    private func printed(_ path: String, _ owner: Caller) throws -> String {
        let file = server.file("\(path.split(separator: "/").last ?? "").pdf")
        try Data(try owner.get(path + ".pdf").body).write(to: URL(fileURLWithPath: file))
        let (status, output) = try runTool(["pdftotext", "-enc", "UTF-8", file, "-"])
        #expect(status == 0)
        return String(decoding: output, as: UTF8.self)
    }

    /// A report's advice is told in the words of whoever reads it, by itself and in the list.
    private func told(_ report: JSON, _ path: String, _ owner: Caller, of broken: Set<String>) throws {
        func advice(_ report: JSON?) -> [JSON] {
            (report?["content"]?["areas"]?.array ?? []).flatMap { $0["recommendations"]?.array ?? [] }
        }
        let english = advice(report)
        let rules = english.compactMap { $0.text?.split(separator: ":").first.map(String.init) }
        #expect(!broken.isDisjoint(with: rules), "\(english)")
        let same = advice(try owner.get(path).ok())
        #expect(english.allSatisfy { $0.text != nil } && same == english)
        try owner.patch("/v1/me", ["locale": "de"]).ok()
        let german = advice(try owner.get(path).ok())
        #expect(
            german.count == english.count
                && Set(german.map(\.serialized)).isDisjoint(with: english.map(\.serialized)))
        let listed = try owner.every("/v1/data-reports").first { $0.id == report.id }
        #expect(advice(listed) == german)
        try owner.patch("/v1/me", ["locale": "en"]).ok()
    }

    @Test func `reports are made when they are due, once each, and people are told`() throws {
        let agency = try agency(), mail = try PostmarkStandIn()
        let (chat, programs) = (try StandIn { _ in StandInAnswer() }, try StandIn { _ in StandInAnswer() })
        try agency.readyToMail()
        try agency.connect("postmark", mail.service.url, credentials: mail.credentials)
        let ticked: JSON = ["data_report": ["mail": true, "webhook": true]]
        try agency.owner.patch(
            "/v1/notifications/preferences", ["webhook_url": .string(chat.url), "kinds": ticked]
        ).ok()
        try agency.owner.post(
            "/v1/webhooks", ["url": .string(programs.url), "events": ["data_report.*"]]
        ).ok(201)
        try agency.owner.patch("/v1/agents/data_management", ["state": "active"]).ok()
        let path = "/v1/agents/data_management/config"
        // Without a name all who may change rules are told; a plan may name others.
        let colleague = try agency.colleague("member")
        let id = try colleague.get("/v1/me").ok()["user"]?.id ?? ""
        let plans: JSON = [
            ["kind": "executive", "every": "day"],
            ["kind": "technical", "every": "week", "user_ids": [.string(id)]],
        ]
        try agency.owner.patch(path, ["reports": plans]).ok()
        try agency.owner.post(path + "/publish").ok()
        let result = try run(agency, "report")
        #expect(result["reports"]?.array?.count == 2)
        #expect(try run(agency, "report")["reports"]?.array?.isEmpty == true, "the same days again")
        let reports = try agency.owner.every("/v1/data-reports")
        #expect(Set(reports.map { $0.text("kind") }) == ["executive", "technical"])
        func told(_ caller: Caller) throws -> [String] {
            let all = try caller.every("/v1/notifications").filter { $0.text("kind") == "data_report" }
            #expect(all.allSatisfy { $0["subject"]?.text("type") == "data_report" })
            return all.map { $0.text("title") }
        }
        // They leave: by mail, into a chat, and to programs.
        let titles = try told(agency.owner)
        #expect(titles.count == 1 && titles[0].hasPrefix("Summary of data quality"), "\(titles)")
        let theirs = try told(colleague)
        #expect(theirs.count == 1 && theirs[0].hasPrefix("Technical report on data"), "\(theirs)")
        func left(_ requests: [ReceivedRequest], _ words: [String]) -> Bool {
            words.allSatisfy { word in requests.count { $0.text.contains(word) } == 1 }
        }
        try eventuallyTrue("the mails") {
            left(mail.service.requests.filter { $0.target == "/email" }, titles)
        }
        try eventuallyTrue("the chat") { left(chat.requests, titles) }
        try eventuallyTrue("the hooks") { left(programs.requests, reports.map(\.id)) }
    }

    @Test func `each day, week and month has its report, and a trend tells the score of each of its days`()
        throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        try box.keepSchedules(of: "data_management")
        let path = "/v1/agents/data_management"
        try owner.patch(path, ["state": "active"]).ok()
        let plans: JSON = [
            ["kind": "executive", "every": "day"], ["kind": "technical", "every": "week"],
            ["kind": "trend", "every": "month"],
        ]
        try owner.patch("\(path)/config", ["reports": plans]).ok()
        try owner.post("\(path)/config/publish").ok()
        try owner.post("/v1/leads", ["company": "Bare"]).ok(201)
        // From Tuesday to the Wednesday of the week after, each day at six.
        try box.advance("P8D")
        func periods(_ kind: String) throws -> [String] {
            try owner.every("/v1/data-reports?kind=\(kind)").map {
                "\($0.text("period_start")) \($0.text("period_end"))"
            }.sorted()
        }
        let days = (5...12).map { "2027-01-\($0 < 10 ? "0" : "")\($0)" }
        #expect(try periods("executive") == days.map { "\($0) \($0)" })
        #expect(try periods("technical") == ["2026-12-28 2027-01-03", "2027-01-04 2027-01-10"])
        #expect(try periods("trend") == ["2026-12-01 2026-12-31"])
        try box.advance("P6D")
        let week = (11...17).map { "2027-01-\($0)" }
        for kind in ["executive", "technical", "trend"] {
            let report = try owner.post("/v1/data-reports", ["kind": .string(kind)]).ok(201)
            let days = report["content"]?["trend"]?.array ?? []
            #expect(days.map { $0.text("date") } == week && days.allSatisfy { $0["score"]?.double != nil })
            let sheet = try owner.get("/v1/data-reports/\(report.id).csv").text
            #expect(sheet.contains("Day by day") == (kind != "executive"), "\(sheet)")
        }
    }
}
