internal import Agents
internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// Tells findings and reports in the words of whoever reads them. Each finding is said anew by what its decision was
/// asked, under the settings of that day: those of earlier months, and of earlier releases, are told like today's.
struct MarketTelling {
    private let words: Wording
    private let zone: TimeZoneRules
    private let agent: MarketResearchAgent?

    init(_ call: Call, _ agents: AgentRegistry, in reader: some Queryable) throws {
        (words, zone) = (try reader.wordings.find(for: call), try reader.agency.zone())
        agent = agents[MarketResearchAgent.id] as? MarketResearchAgent
    }

    /// Returns what is said of a finding.
    func members(of finding: MarketFinding, in reader: some Queryable) throws -> JSONObject {
        let said = try said([finding.decisionID], in: reader)
        return members(
            said[finding.decisionID], or: .string(finding.title), .string(finding.recommendation))
    }

    /// Returns what is said of some findings, by their ids.
    func findings(_ ids: [String], in reader: some Queryable) throws -> [String: JSONObject] {
        guard !ids.isEmpty else { return [:] }
        let all = try MarketFinding.resource.all(
            where: "id IN \(list: ids)", suffix: "ORDER BY id", in: reader)
        let said = try said(all.map(\.decisionID), in: reader)
        let told = all.map { one in
            let words = members(said[one.decisionID], or: .string(one.title), .string(one.recommendation))
            return (one.id.keyText, words)
        }
        return Dictionary(told) { first, _ in first }
    }

    /// Returns the title, the text and the findings of a report.
    func members(of report: MarketReport, in reader: some Queryable) throws -> JSONObject {
        let findings = report.findings.array ?? []
        let decisions = findings.map { $0["decision_id"]?.id(of: Nouns.Decision.self) }
        let said = try said(decisions, in: reader)
        let told = zip(findings, decisions).map { finding, decision -> JSON in
            let own = members(
                said[decision], or: finding["title"] ?? .null, finding["recommendation"] ?? .null)
            return finding.merging(.object(own))
        }
        return [
            "title": .string(MarketSynthesis.title(of: report.month, in: words, zone)),
            "text": .string(MarketSynthesis.text(of: told, in: words)), "findings": .array(told),
        ]
    }

    /// Returns the titles, texts and findings of some reports, by their ids.
    func reports(_ ids: [String], in reader: some Queryable) throws -> [String: JSONObject] {
        guard !ids.isEmpty else { return [:] }
        let all = try MarketReport.resource.all(
            where: "id IN \(list: ids)", suffix: "ORDER BY id", in: reader)
        return Dictionary(try all.map { ($0.id.keyText, try members(of: $0, in: reader)) }) { first, _ in
            first
        }
    }

    private func members(
        _ conclusion: MarketConclusion?, or title: JSON, _ recommendation: JSON
    ) -> JSONObject {
        guard let conclusion else { return ["title": title, "recommendation": recommendation] }
        return [
            "title": .string(conclusion.title.said(in: words, zone)),
            "recommendation": .string(conclusion.advice.said(in: words, zone)),
        ]
    }

    /// Returns what some decisions concluded, as far as they are still there.
    private func said(
        _ decisions: [DecisionID?], in reader: some Queryable
    ) throws -> [DecisionID?: MarketConclusion] {
        guard let agent else { return [:] }
        var (said, settings) = ([DecisionID?: MarketConclusion](), [Int: MarketSettings]())
        for id in Set(decisions.compactMap(\.self)) {
            guard let decision = try reader.decisions.find(id),
                let asked = MarketCase(JSON(stored: decision.inputs))
            else { continue }
            let version = decision.configurationVersion
            if settings[version] == nil {
                let configuration = try reader.agentConfigurations.find(agent, version: version)
                settings[version] = agent.settings(from: configuration?.values ?? [:]).settings
            }
            said[id] = settings[version].flatMap { asked.conclusion($0) }
        }
        return said
    }
}
