import Foundation
import Testing

/// The console's words are in its catalogues, and say the same in each; the English is in the code.
struct `The words of the console` {
    /// The page of the API's reference is for those who write programs, and in English.
    static let pages = ["static/app", "static/ui", "static/slices"].flatMap {
        Project.files(in: $0, named: ".js")
    }.filter { !["static/app/docs.js", "static/app/schema.js"].contains($0) }

    static let texts: [(path: String, code: String)] = pages.filter { $0 != "static/ui/words.js" }
        .map { ($0, code(Project.text($0))) }

    /// The texts that are asked for, by the files that ask.
    static let used: [String: String] = texts.reduce(into: [:]) { used, page in
        for found in page.code.matches(of: /\b(?:t|pieces|term)\(\s*"((?:[^"\\]|\\.)*)"/) {
            used[text(found.1)] = page.path
        }
        for found in page.code.matches(
            of: /\bplural\(\s*[^"`]*?,\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"/)
        {
            used[text(found.1)] = page.path
            used[text(found.2)] = page.path
        }
    }

    static let catalogues = Project.files(in: "static/app/words", named: ".json")
        .filter { !$0.hasSuffix("/index.json") }

    @Test func `are in every catalogue, and no others`() throws {
        var faults: [String] = []
        for path in Self.catalogues {
            let texts = try Self.texts(of: path)
            for (text, page) in Self.used.sorted(by: { $0.key < $1.key }) where texts[text] == nil {
                faults.append("\(path) lacks, of \(page): \(text)")
            }
            for text in texts.keys.sorted() where Self.used[text] == nil {
                faults.append("\(path) has what nothing says: \(text)")
            }
        }
        expectNone(faults, "Catalogues and pages differ:")
        #expect(Self.used.count > 1500, "the pattern finds the texts")
        #expect(!Self.catalogues.isEmpty)
    }

    @Test func `name the same values in every language`() throws {
        var faults: [String] = []
        for path in Self.catalogues {
            for (text, said) in try Self.texts(of: path).sorted(by: { $0.key < $1.key }) {
                let (needed, own) = (Self.values(text), Self.values(said))
                if own != needed || said.isEmpty { faults.append("\(path): \(text) → \(said)") }
            }
        }
        expectNone(faults, "Sentences with other values than the English:")
    }

    @Test func `are literals, so that they can be found`() {
        var faults: [String] = []
        for page in Self.texts {
            for found in page.code.matches(of: /\b(?:t|pieces|term)\(\s*([^"\s)][^,)\n]*)/) {
                faults.append("\(page.path): \(found.1)")
            }
        }
        expectNone(faults, "Looked for in vain in a catalogue:")
    }

    /// Modules are read before the catalogue is there: a table of texts is a function.
    @Test func `are asked for when they are shown, not when a module is read`() {
        var faults: [String] = []
        let table = /^(?:export )?const \w+ = (?:new \w+\()?[\[{(]/, code = /^[^\s\])}]/
        let asks = /^ {4}\S.*\b(?:t|plural)\("/
        for page in Self.texts {
            var isTable = false
            let lines = page.code.split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() {
                let isFunction = line.contains("=>")
                if line.contains(table) {
                    isTable = !isFunction
                } else if line.contains(code) {
                    isTable = false
                }
                // A line further in may be in a function of the table.
                if isTable, !isFunction, line.contains(asks) {
                    faults.append("\(page.path):\(index + 1): \(line.drop { $0 == " " })")
                }
            }
        }
        expectNone(faults, "In English for everybody:")
    }

    @Test func `are all there is to see`() {
        // Names of the browser's, of brands and examples, and of groups that a sidebar's entry belongs to.
        let names: Set = [
            "Accept", "Authorization", "Bearer", "Bureau", "Content-Type", "Error", "AbortError",
            "Idempotency-Key", "If-Match", "Last-Event-ID", "Retry-After", "Escape", "Enter", "Tab",
            "Space", "Home", "End", "Delete", "Backspace", "ArrowDown", "ArrowUp", "ArrowLeft",
            "ArrowRight", "PageDown", "PageUp", "Chrome", "Edge", "Firefox", "Safari", "LinkedIn",
            "WhatsApp", "Instagram", "Telegram", "Messenger", "Slack", "Top", "Sales", "Clients", "Support",
            "Marketing", "Automation", "Insights", "Esc", "Location", "SendGrid", "OpenAI", "Anthropic",
            "Mistral", "Mac OS", "Edg", "Ida Seel", "Cedar & Pike", "Content-Security-Policy",
            "Welcome-Token", "Docusign", "Dropbox Sign", "HubSpot", "OpenStreetMap",
        ]
        var faults: [String] = []
        for page in Self.texts where page.path != "static/app/today/samples.js" {
            let rest = page.code
                .replacing(/\b(?:t|pieces|term)\(\s*"(?:[^"\\]|\\.)*"/, with: "")
                .replacing(/\bplural\(\s*[^"`]*?,\s*"(?:[^"\\]|\\.)*",\s*"(?:[^"\\]|\\.)*"/, with: "")
            for found in rest.matches(of: /"([A-Z][a-z][^"]*)"/) where !names.contains(String(found.1)) {
                faults.append("\(page.path): \(found.1)")
            }
        }
        expectNone(faults, "Said in English whatever the reader's language:")
    }

    /// The choices that fields have in the document of the API: what stands below an `enum` of its schemas.
    private static let choices: Set<String> = {
        var choices: Set<String> = [], isSchema = false, depth: Int?
        let code = /[a-z]+(_[a-z0-9]+)*/
        for line in Project.lines("openapi/bureau.yaml") {
            if line.first?.isLetter == true { isSchema = line.hasPrefix("components:") }
            guard isSchema else { continue }
            let indentation = line.prefix { $0 == " " }.count, text = line.dropFirst(indentation)
            if text == "enum:" {
                depth = indentation
            } else if let above = depth, indentation > above, text.hasPrefix("- ") {
                let choice = text.dropFirst(2)
                let isCode = choice.wholeMatch(of: code) != nil
                if isCode, choice != "null" { choices.insert(String(choice)) }
            } else {
                depth = nil
            }
        }
        return choices
    }()

    /// A choice without a word is shown as its code, in English.
    @Test func `name every choice of the API`() throws {
        var faults: [String] = []
        for path in Self.catalogues {
            let codes = try Self.read(Codes.self, path).codes
            faults += Self.choices.filter { codes[$0] == nil }.sorted().map { "\(path) lacks: \($0)" }
        }
        expectNone(faults, "Write these into `codes`:")
        #expect(Self.choices.count > 400, "the pattern finds the choices")
    }

    /// The page of tools says what each one is for, in English where no other words are given.
    @Test func `say what each tool is for`() throws {
        let tools = Project.sources.filter { $0.text.has("let summary") }.flatMap { source in
            source.text.matches(
                of: /static let name = "([a-z_]+)"\s+let title = "[^"]*"\s+let summary\s*=\s/
            ).map { String($0.1) }
        }
        var faults: [String] = []
        for path in Self.catalogues {
            let codes = try Self.read(Codes.self, path).codes
            faults += tools.flatMap { [$0, "\($0).purpose"] }.filter { codes[$0] == nil }
                .map { "\(path) lacks: \($0)" }
        }
        expectNone(faults, "Write these into `codes`:")
        #expect(tools.count > 30, "the pattern finds the tools")
    }

    @Test func `have an index of their catalogues`() throws {
        let named = try Self.read([String].self, "static/app/words/index.json")
        let kept = Self.catalogues.compactMap { $0.split(separator: "/").last?.dropLast(5) }.map(String.init)
        #expect(named.sorted() == kept.sorted())
    }

    private struct Words: Decodable { let texts: [String: String] }
    private struct Codes: Decodable { let codes: [String: String] }

    private static func texts(of path: String) throws -> [String: String] { try read(Words.self, path).texts }

    private static func read<T: Decodable>(_ type: T.Type, _ path: String) throws -> T {
        try JSONDecoder().decode(type, from: Data(Project.text(path).utf8))
    }

    /// A text as it is, of the literal between its quotes.
    private static func text(_ literal: Substring) -> String {
        let written = Data("\"\(literal)\"".utf8)
        return (try? JSONDecoder().decode(String.self, from: written)) ?? String(literal)
    }

    // A pattern in a function is compiled for every text.
    nonisolated(unsafe) private static let value = /\{(\w+)\}/

    private static func values(_ text: String) -> [String] {
        text.matches(of: value).map { String($0.1) }.sorted()
    }

    /// A page's code without its comments.
    private static func code(_ text: String) -> String {
        text.replacing(/(?s)\/\*.*?\*\//) { found in
            String(repeating: "\n", count: found.output.count { $0 == "\n" })
        }
        .replacing(/(?m)^\s*\/\/.*$/, with: "")
    }
}
