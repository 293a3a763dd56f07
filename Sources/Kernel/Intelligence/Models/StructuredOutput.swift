internal import JSON

/// JSON out of what a model wrote, checked against the schema that it was asked for.
enum StructuredOutput {
    /// The document, or what is wrong with it, in words for the model.
    static func read(_ text: String, _ schema: JSON) -> Result<JSON, ModelFailure> {
        guard let json = try? JSONParser.parse(bare(text)) else {
            return .failure(.malformed("the answer is not valid JSON"))
        }
        let faults = SchemaCheck.faults(json, schema)
        guard faults.isEmpty else {
            let list = faults.map { "\($0.pointer.isEmpty ? "the document" : $0.pointer) \($0.detail)" }
            return .failure(.malformed(list.joined(separator: "; ")))
        }
        return .success(json)
    }

    /// Without the fences of Markdown and the words around them that some models cannot leave out.
    private static func bare(_ text: String) -> String {
        var body = Substring(text)
        if let open = body.firstRange(of: "```") {
            let inner = body[open.upperBound...].drop { $0 != "\n" && $0 != "{" && $0 != "[" }
            body = inner.firstRange(of: "```").map { inner[..<$0.lowerBound] } ?? inner
        }
        let isPad = { (character: Character) in character.isWhitespace }
        body = body.drop(while: isPad)
        while let last = body.last, isPad(last) { body.removeLast() }
        return String(body)
    }

    /// The one further question that an answer which does not fit is worth.
    static func repair(_ request: ChatRequest, _ reply: ChatReply, _ why: String) -> ChatRequest {
        var again = request
        again.messages.append(.reply(reply))
        again.messages.append(
            .user("That cannot be used: \(ours: why). Answer again, with the corrected JSON only."))
        return again
    }
}
