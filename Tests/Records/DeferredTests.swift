import JSON
import Synchronization
import Testing

@testable import Records

@Suite struct DeferredTests {
    /// Says how often it was made, each time something else.
    private final class Source: Sendable {
        private let made = Atomic(0)
        var count: Int { made.load(ordering: .relaxed) }
        func make() -> Int { made.wrappingAdd(1, ordering: .relaxed).newValue }
    }

    @Test func `it is worked out when it is first asked for, once`() {
        let source = Source()
        let deferred = Deferred { source.make() }
        #expect(source.count == 0)
        #expect(deferred.value == 1 && deferred.value == 1 && source.count == 1)
    }

    @Test func `all who ask at once are told the same`() async {
        for _ in 0..<50 {
            let source = Source()
            let deferred = Deferred { source.make() }
            let told = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { deferred.value } }
                return await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(told.count == 1 && told.contains(deferred.value))
        }
    }

    @Test func `what is no stored property is read and written by its path`() {
        struct Temperature: Sendable {
            var kelvin = 300.0
            var celsius: Double {
                get { kelvin - 273 }
                set { kelvin = newValue + 273 }
            }
        }
        let schema = Schema<Temperature>(
            "Temperature",
            [.number("kelvin", \.kelvin, in: 0...1000), .number("celsius", \.celsius, in: -273...727)])
        var temperature = Temperature(), faults = Faults()
        schema.create(&temperature, from: ["celsius": 10], faults: &faults)
        #expect(faults.isEmpty && temperature.kelvin == 283)
        #expect(schema.json(temperature) == ["kelvin": 283.0, "celsius": 10.0])
    }
}
