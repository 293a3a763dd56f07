internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// Learns the preferences of 100,000 people: counted with each of their answers, and learned anew from what
/// was counted, one after the other, as before each message that goes out at somebody's hour.
struct PreferenceBenchmark {
    private static let chunk = 500, answers = 5
    private let bench: Bench
    private let count = number("PEOPLE", 100_000)

    init(_ folder: String) throws {
        // Only the tables of preferences are of use here.
        bench = try Bench(folder, tables: peopleMigrations.filter { $0.number == 962 }, register: { _ in })
    }

    func run() async throws -> JSON {
        var people: [ContactID] = []
        var began = systemSteadyClock()
        while people.count < count {
            people += try await bench.write { tx in
                try (0..<Self.chunk).map { number in
                    let contact = tx.makeID(Nouns.Contact.self)
                    try answer(contact, number, in: tx)
                    return contact
                }
            }
        }
        let counting = seconds(systemSteadyClock() - began)
        let all = people
        began = systemSteadyClock()
        let learned = try bench.database.read(tenant) { reader in
            try all.reduce(0) { try $0 + (reader.preferences.find($1)[.length].source == .learned ? 1 : 0) }
        }
        let learning = seconds(systemSteadyClock() - began)
        bench.database.close()
        let answers = Double(people.count * Self.answers)
        return [
            "people": JSON(people.count), "learned": JSON(learned), "seconds": .number(learning),
            "answers": .number(answers / counting), "memory": .number(residentMegabytes()),
        ]
    }

    private func answer(_ contact: ContactID, _ number: Int, in tx: Transaction) throws {
        let text = String(repeating: "A word. ", count: 40 << (number % 3))
        for day in 0..<Self.answers {
            let at = tx.now - .seconds(day * 86_400)
            try tx.preferences.noteSent(to: contact, on: .email, text: text, content: .educational)
            try tx.preferences.noteAnswer(of: contact, to: text, content: .educational, at: at)
        }
    }
}
