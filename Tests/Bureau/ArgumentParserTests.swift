import Records
import Testing

@testable import Bureau

/// Arguments against the product's own commands.
@Suite struct ArgumentParserTests {
    private let parser = ArgumentParser(commands: allCommands)

    private func fault(_ arguments: String...) -> String {
        do {
            _ = try parser.parse(arguments)
            return "no fault"
        } catch { return error.description }
    }

    private func run(
        _ arguments: String...
    ) throws -> (entry: CommandEntry, command: any Command, common: CommonOptions) {
        guard case .run(let entry, let command, _, let common) = try parser.parse(arguments) else {
            throw UsageError("it is no command")
        }
        return (entry, command, common)
    }

    @Test func `options come before, after and inside of what they belong to`() throws {
        for arguments in [
            ["serve", "--listen", "127.0.0.1:1", "--data", "d"],
            ["serve", "--data=d", "--listen=127.0.0.1:1"],
            ["--data", "d", "serve", "--listen", "127.0.0.1:1"],
        ] {
            guard case .run(_, let command, _, let common) = try parser.parse(arguments) else {
                throw UsageError("no run")
            }
            #expect((command as? ServeCommand)?.listen == "127.0.0.1:1")
            #expect(common.data == "d")
        }
    }

    @Test func `a command of two words takes its values`() throws {
        let (entry, command, common) = try run(
            "key", "create", "--tenant", "t", "--name", "robot", "--scopes", "leads:read,leads:write",
            "--scopes", "agents:read",
            "--json", "--set", "limits.burst=5", "--set", "log.level=error")
        #expect(entry.name == "key create")
        let key = try #require(command as? KeyCreateCommand)
        #expect(key.scopes == ["leads:read", "leads:write", "agents:read"])
        #expect((key.tenant, key.name) == ("t", "robot"))
        #expect(common.isJSON)
        #expect(common.changes == ["limits.burst=5", "log.level=error"])
    }

    @Test func `positionals are found among options`() throws {
        let command = try #require(
            try run("import", "--tenant", "t", "leads.csv", "--dedupe", "update").command as? ImportCommand)
        #expect((command.file, command.tenant, command.dedupe) == ("leads.csv", "t", "update"))
        let odd = try #require(
            try run("import", "--tenant", "t", "--", "--odd.csv").command as? ImportCommand)
        #expect(odd.file == "--odd.csv")
    }

    @Test func `a misspelt word is answered with the one that was meant`() {
        #expect(fault("sreve") == "the command sreve does not exist; did you mean bureau serve?")
        #expect(
            fault("tenant", "craete")
                == "the command tenant craete does not exist; did you mean bureau tenant create?")
        #expect(
            fault("serve", "--lisen", "127.0.0.1:1") == "serve has no option --lisen; did you mean --listen?")
        #expect(fault("serve", "-x") == "serve has no option --x")
        #expect(fault("--dta", "d", "serve") == "the option --dta does not exist; did you mean --data?")
        #expect(fault("xylophone") == "the command xylophone does not exist")
    }

    @Test func `what is missing or too much is named`() {
        #expect(fault("tenant") == "tenant needs one of: create, list")
        #expect(fault("tenant", "create") == "--name NAME is missing")
        #expect(fault("import", "--tenant", "t") == "FILE is missing")
        #expect(fault("import", "a.csv", "b.csv", "--tenant", "t") == "import takes no b.csv")
        #expect(fault("serve", "--listen") == "--listen HOST:PORT needs a value")
        #expect(fault("status", "--json=yes") == "--json takes no value")
        #expect(fault("status", "--set", "limits.burst") == "--set must be KEY=VALUE")
        #expect(fault("stop", "--wait", "long") == "--wait SECONDS must be a number from 1 to 600")
        #expect(fault("tenant", "create", "--name", "") == "--name NAME must not be empty")
    }

    @Test func `help is given wherever it is asked for`() throws {
        func help(_ arguments: String...) throws -> [String]? {
            if case .help(let words) = try parser.parse(arguments) { words } else { nil }
        }
        #expect(try help() == [])
        #expect(try help("--help") == [])
        #expect(try help("serve", "--help") == ["serve"])
        #expect(try help("--help", "serve") == ["serve"])
        #expect(try help("help", "tenant", "create") == ["tenant", "create"])
        #expect(try help("tenant", "--help") == ["tenant"])
        #expect(try help("import", "--help") == ["import"])
        #expect(try help("import", "-h", "a.csv", "b.csv") == ["import"])
        guard case .version = try parser.parse(["--version"]) else { throw UsageError("no version") }
    }

    @Test(arguments: [
        ("serve", "sreve", 1), ("", "abc", 3), ("kitten", "sitting", 3), ("burst", "burst", 0),
        ("ab", "ba", 1),
    ])
    func `distances count letters that differ`(a: String, b: String, distance: Int) {
        #expect(editDistance(a, b) == distance)
        #expect(editDistance(b, a) == distance)
    }

    @Test func `words that are far from all are not answered with any`() {
        #expect(suggestion(for: "zzz", among: ["serve", "demo"]) == nil)
        #expect(suggestion(for: "x", among: ["a"]) == nil)
        #expect(suggestion(for: "Doktor", among: ["demo", "doctor"]) == "doctor")
    }
}

@Suite struct HelpTests {
    private let help = Help(commands: allCommands)

    @Test func `the overview names every command and the common options`() {
        let text = help.text([])
        for entry in allCommands { #expect(text.contains("  \(entry.name) ")) }
        for parameter in CommonOptions.parameters { #expect(text.contains(parameter.shown)) }
    }

    @Test(arguments: allCommands.map(\.words)) func `each command lists its options, --data among them`(
        words: [String]
    ) throws {
        let entry = try #require(allCommands.first { $0.words == words })
        let text = help.text(words)
        #expect(text.contains("Usage: bureau \(entry.name)"))
        #expect(text.contains("--data DIR"))
        for option in entry.options {
            #expect(text.contains(option.shown))
            #expect(option.about.hasSuffix(".") || option.about.hasSuffix(")."), "\(option.about)")
        }
        #expect(entry.summary.hasSuffix("."))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 110 })
    }

    @Test func `no two commands have the same words, and no option hides a common one`() {
        #expect(Set(allCommands.map(\.name)).count == allCommands.count)
        let common = Set(CommonOptions.parameters.map(\.name))
        for entry in allCommands {
            #expect(Set(entry.options.map(\.name)).count == entry.options.count)
            #expect(common.isDisjoint(with: entry.options.map(\.name)))
        }
    }
}
