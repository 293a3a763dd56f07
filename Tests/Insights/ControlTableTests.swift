import JSON
import Records
import Testing

@testable import Insights

struct `The control table` {
    @Test func `names each agent once, and each of its keys once`() {
        let agents = ControlEntry.all.map(\.agent)
        #expect(Set(agents).count == agents.count)
        for entry in ControlEntry.all {
            let names = entry.keys.map(\.name) + ["enabled", "schedule"]
            #expect(Set(names).count == names.count, "\(entry.agent)")
        }
    }

    @Test func `has schedules and values that it would take itself`() {
        for entry in ControlEntry.all {
            #expect(ControlEntry.scheduleWords.contains(entry.schedule), "\(entry.agent)")
            for key in entry.keys {
                var faults = Faults()
                #expect(
                    key.kind.validated(key.standard, at: "", siblings: [:], faults: &faults) == key.standard)
                #expect(faults.isEmpty, "\(entry.agent).\(key.name)")
            }
        }
    }

    @Test(
        arguments: [
            ("lead_generation", "target_leads_per_day", 0, "out_of_range"),
            ("lead_generation", "target_leads_per_day", 10_001, "out_of_range"),
            ("lead_generation", "target_leads_per_day", "20", "wrong_type"),
            ("prospect_research", "batch_size", 1001, "out_of_range"),
            ("sales_automation", "follow_up_frequency", 366, "out_of_range"),
            ("client_management", "report_frequency", "yearly", "invalid_choice"),
            ("client_management", "report_frequency", 7, "wrong_type"),
        ] as [(String, String, JSON, String)])
    func `refuses a value that the agent could not work with`(
        agent: String, name: String, value: JSON, code: String
    ) throws {
        let entry = try #require(ControlEntry.all.first { $0.agent == agent })
        let key = try #require(entry.keys.first { $0.name == name })
        var faults = Faults()
        #expect(key.kind.validated(value, at: "/\(agent)/\(name)", siblings: [:], faults: &faults) == nil)
        #expect(faults.list.map(\.code) == [code])
        #expect(faults.list.map(\.pointer) == ["/\(agent)/\(name)"])
    }

    @Test func `asks for every member where it answers and for none where it is sent`() throws {
        let entry = try #require(ControlEntry.all.first { $0.agent == "lead_generation" })
        let (whole, part) = (entry.schema(isPartial: false), entry.schema(isPartial: true))
        #expect(
            whole["required"] == ["enabled", "schedule", "target_leads_per_day", "max_concurrent_searches"])
        #expect(part["required"] == nil)
        for schema in [whole, part] { #expect(schema["additionalProperties"] == false) }
        // A cron expression that was set elsewhere is shown; only the words can be sent.
        #expect(whole["properties"]?["schedule"]?["enum"] == nil)
        #expect(part["properties"]?["schedule"]?["enum"] == ["daily", "hourly", "every_2_hours"])
        #expect(
            part["properties"]?["max_concurrent_searches"]
                == ["type": "integer", "minimum": 1, "maximum": 100])
    }
}
