import Records
import Telemetry
import Templates
import Testing

@testable import Agents
@testable import RuntimeTesting

struct `A service's drift` {
    private let usual = ["id", "ok"]

    /// Returns what is told of so many answers.
    private func told(
        _ watch: DriftWatch, _ count: Int, milliseconds: Int = 10, fields: [String] = ["id", "ok"]
    ) -> [String] {
        (0..<count).compactMap { _ -> String? in
            switch watch.note("int_one", of: .acme, took: .milliseconds(milliseconds), fields: fields) {
            case .drift(let change):
                watch.noteTold(true, of: "int_one", of: .acme)
                return change.english
            case .over:
                watch.noteTold(false, of: "int_one", of: .acme)
                return "over"
            case nil: return nil
            }
        }
    }

    @Test func `is told once when it becomes ten times slower, and when that is over`() {
        let watch = DriftWatch()
        #expect(told(watch, 19).isEmpty)
        #expect(told(watch, 2) == ["over"], "what a process before may have told")
        #expect(told(watch, 4, milliseconds: 300).isEmpty, "that may be chance")
        #expect(told(watch, 10, milliseconds: 300) == ["response time rose from 10 ms to 300 ms"])
        #expect(told(watch, 3) == ["over"])
    }

    @Test func `is not told of what is slow only in comparison, or hardly known`() {
        let known = DriftWatch(), unknown = DriftWatch()
        #expect(told(known, 20) == ["over"] && told(known, 10, milliseconds: 199).isEmpty)
        #expect(told(unknown, 9).isEmpty && told(unknown, 10, milliseconds: 300).isEmpty)
    }

    @Test func `is told when its answers lose a field that they always had`() {
        let watch = DriftWatch()
        #expect(told(watch, 10).isEmpty && told(watch, 10, fields: usual + ["note"]) == ["over"])
        #expect(told(watch, 10).isEmpty, "they did not always have a note")
        #expect(told(watch, 10, fields: ["ok"]) == ["responses no longer contain \"id\""])
        #expect(told(watch, 1) == ["over"])
    }

    @Test func `raises one alert, which ends by itself`() async throws {
        let test = try TestRuntime.withTools()
        func answers(_ numbers: Range<Int>, took: Duration) async throws {
            for number in numbers {
                let permit = try await test.permit(.one, "k\(number)")
                permit.reach.note(took: took)
                permit.reach.noteAnswer()
                try await test.settle(permit)
            }
        }
        func alerts() throws -> Int { try test.read { try $0.alerts.open(kind: "integration_drift").count } }
        try await answers(0..<20, took: .milliseconds(10))
        #expect(try alerts() == 0)
        try await answers(20..<30, took: .milliseconds(300))
        #expect(try alerts() == 1)
        try await answers(30..<31, took: .milliseconds(10))
        #expect(try alerts() == 0)
    }
}
