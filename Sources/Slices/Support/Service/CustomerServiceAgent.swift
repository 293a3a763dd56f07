package import Agents
internal import Database
package import JSON
internal import Jobs
package import Messages
internal import Nouns
package import Records
internal import Telemetry
internal import Wording

/// An agency's settings for customer service.
package struct CustomerServiceSettings: AgentSettings {
    package var acknowledges = true
    package var answers = true
    package var tellsEscalations = true
    package var answerMin = 0.65
    package var silenceDays = 3
    package var leavesToPeople: [String] = ["billing", "complaint"]
    package var reports: [String] = ["weekly"]
    package var targetFirstResponse = 240
    package var targetResolution = 2880
    package var targetSatisfaction = 4.0
    package var targetReopened = 0.1
    package var targetHelped = 0.8
    package var targetFindings = 0.1

    package init() {}

    package static let schema = Schema<CustomerServiceSettings>(
        "CustomerServiceSettings",
        [
            .boolean(
                "acknowledges", \.acknowledges, .standard(true),
                .about(
                    "Whether whoever asks is told at once that it has come, and until when they hear more.")),
            .boolean(
                "tells_escalations", \.tellsEscalations, .standard(true),
                .about(
                    "Whether whoever asked is told, once for each level, who looks after an escalated ticket now, and by when they hear next."
                )),
            .boolean(
                "answers", \.answers, .standard(true),
                .about("Whether questions are answered from the published articles.")),
            .number(
                "answer_min", \.answerMin, in: 0.5...1, .standard(0.65),
                .about("The least confidence with which it answers from an article, from 0.5 to 1.")),
            .integer(
                "silence_days", \.silenceDays, in: 1...60, .standard(3),
                .about("Days without a word after such an answer, until it is taken as resolved.")),
            .texts(
                "leaves_to_people", \.leavesToPeople, max: 50, length: 60,
                .about("Categories that are left to people without an answer of the agent.")),
            .texts(
                "reports", \.reports, max: 2, length: 10,
                .about("How often it tells how support did: weekly, monthly, both or none.")),
            .integer(
                "target_first_response", \.targetFirstResponse, in: 1...100_000, .standard(240),
                .about("Minutes until a first answer that are aimed at, in the mean.")),
            .integer(
                "target_resolution", \.targetResolution, in: 1...1_000_000, .standard(2880),
                .about("Minutes until a solution that are aimed at, in the mean.")),
            .number(
                "target_satisfaction", \.targetSatisfaction, in: 1...5, .standard(4),
                .about("How satisfied people should be, in the mean.")),
            .number(
                "target_reopened", \.targetReopened, in: 0...1, .standard(0.1),
                .about("The share of resolved tickets that may be opened again.")),
            .number(
                "target_helped", \.targetHelped, in: 0...1, .standard(0.8),
                .about("The target share of its judged answers that helped.")),
            .number(
                "target_findings", \.targetFindings, in: 0...1, .standard(0.1),
                .about("The target for findings per answer, on average.")),
        ])
}

extension CustomerServiceSettings {
    var kinds: [SupportReport.Kind] { reports.compactMap { SupportReport.Kind(rawValue: $0) } }

    package func check(_ faults: inout Faults) {
        for (index, kind) in reports.enumerated() where SupportReport.Kind(rawValue: kind) == nil {
            faults.add(
                "/reports/\(index)", "invalid_choice",
                "The kind of report does not exist: choose \(SupportReport.Kind.choices.joined(separator: " or ")).",
                choices: SupportReport.Kind.choices)
        }
    }
}

/// Looks after tickets: tells whoever asks that it has come, answers from the articles with its sources, and gives to
/// people what it cannot answer, or what an answer did not resolve. It takes a ticket as resolved only when whoever
/// asked has said so, or has been silent for as long as the agency has set. Once a day it tells people where a backlog
/// of tickets builds up.
package struct CustomerServiceAgent: AgentDefinition {
    package typealias Settings = CustomerServiceSettings

    package let name = "customer_service"
    package let title = "Customer service"
    package let purpose =
        "Acknowledges requests, answers from articles, and hands over to people in time."
    package var cannot: [String] { Wording.english.limits(of: name) }
    package let schedules = [DefaultSchedule(name: "Customer service", cron: "30 */6 * * *")]
    package let events = ["ticket.created", "ticket.replied"]
    package let initiative = Initiative.answers
    package let tools = [SendMessage.tool, CallModelTool.name, "create_record", "update_record"]
    package let permissions: Set<Permission> = [
        "tickets:read", "tickets:write", "articles:read", "contacts:read", "leads:read", "companies:read",
        "messages:read", "messages:write",
    ]

    let desk: TicketDesk

    package init(_ outbox: Outbox) { desk = TicketDesk(outbox) }

    /// Tickets that one run looks at again.
    private static let chunk = 200

    package func run(_ run: AgentRun) async throws -> JSON {
        let settings = settings(of: run), desk = desk
        var done: [String: Int] = [:], seen: Set<String> = []
        let subjects = try run.eventSubjects()
        if !subjects.isEmpty { try readAhead(run) }
        for subject in subjects
        where subject.type == Ticket.noun && seen.insert(subject.id).inserted {
            guard let id = subject.id(of: Ticket.self) else { continue }
            let step = try await run.step("ticket", note: ["id": .string(subject.id)]) {
                let word = try await ModelTriage.ask(about: id, run)
                return try await run.write { tx in
                    try ServiceStep(desk, settings, run, tx, id)?.take(word)
                }
            }
            if let step { done[step, default: 0] += 1 }
            run.processed()
        }
        if run.trigger != .event {
            let due = try run.read { reader in
                try Ticket.resource.all(
                    where: "follow_up_at <= \(reader.now)",
                    suffix: "ORDER BY follow_up_at, id LIMIT \(Self.chunk)", in: reader
                ).map(\.id)
            }
            if !due.isEmpty { try readAhead(run) }
            for id in due {
                let step = try await run.write { tx in
                    try ServiceStep(desk, settings, run, tx, id)?.followUp()
                }
                if let step { done[step, default: 0] += 1 }
                run.processed()
            }
            let bottlenecks = try await QueueWatch(run: run).look()
            if bottlenecks > 0 { done["bottlenecks"] = bottlenecks }
            let reports = try await SupportReporting(run: run, kinds: settings.kinds).write()
            if reports > 0 { done["reports"] = reports }
        }
        let counts = JSONObject(done.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })
        return try await run.finish { _ in ["steps": .object(counts)] }
    }

    /// Reads what is slow to read before the transactions that need it.
    private func readAhead(_ run: AgentRun) throws {
        _ = try run.read { try ($0.articles.knowledge(), TicketLearning.reader(in: $0)) }
    }
}
