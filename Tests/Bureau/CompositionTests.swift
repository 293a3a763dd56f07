import Agents
import Cryptography
import Telemetry
import Tenancy
import Testing

@testable import Bureau

struct CompositionTests {
    @Test func `a product without a module that answers others is not started, and says who needs what`()
        throws
    {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        defer { removeFolder(configuration.data) }
        let without = Module.all.filter { $0.name != "discovery" }
        let unmet = try #require(throws: UnmetNeeds.self) {
            try App(configuration, log: .silent, modules: without)
        }
        #expect(
            unmet.needs.contains("messages needs making a lead, for hooks, forms and mails that bring one"))
        #expect(unmet.needs.contains("deals needs a lead, for deals, proposals and contracts"))
        #expect(!isFolder(configuration.data), "nothing was opened")
        let failure = CommandFailure(unmet)
        #expect(failure.what.contains("messages needs making a lead"))
        #expect(failure.remedy?.contains("into the list of modules") == true)
    }

    @Test func `every need is told apart from the others`() throws {
        let silent = Module.all.map { Module($0.name, asks: $0.asks) }
        let unmet = try #require(throws: UnmetNeeds.self) { try Composition(silent) }
        #expect(unmet.needs.count >= 80, "whatever nobody answers is found")
        #expect(Set(unmet.needs).count == unmet.needs.count)
    }

    @Test func `questions of the runtime that nobody answers are told by name`() throws {
        let unmet = try #require(throws: UnmetNeeds.self) { try TenantQuestions().requireAnswers() }
        #expect(unmet.needs.count == 11)
        #expect(unmet.needs.contains("the runtime needs the brakes that are on, for the gate of tools"))
    }

    @Test func `answers between slices are those of modules in the list`() {
        let names = Module.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(answersBetweenSlices.compactMap(\.speaker).allSatisfy(names.contains))
        #expect(answersBetweenSlices.allSatisfy { $0.speaker != nil })
    }
}
