internal import JSON

/// Puts a streamed answer together, piece by piece (`data:` of each server-sent event).
package struct ChatAssembly: Sendable {
    /// More than this is no answer to anything that was asked.
    private static let textBytesMax = 1024 * 1024

    private var reply = ChatReply()
    private var calls: [Int: ChatToolCall] = [:]
    private var reason: String?
    private var isDone = false
    /// A part has held some text, be it an empty one.
    private var hasText = false
    private var size = 0

    package init() {}

    /// Takes the next piece, and returns the new text. Throws what the server says in the middle of a stream.
    package mutating func take(_ data: String) throws(ModelFailure) -> String {
        guard data != "[DONE]" else {
            isDone = true
            return ""
        }
        size += data.utf8.count
        guard size <= Self.textBytesMax * 8, reply.text.utf8.count <= Self.textBytesMax else {
            throw .malformed("the stream does not end")
        }
        guard let json = try? JSONParser.parse(data), json.object != nil else {
            throw .malformed("a part of the stream is not valid JSON")
        }
        if let error = json["error"], !error.isNull {
            let said = error["message"]?.text ?? error.text ?? ""
            throw ModelFailure(status: 500, code: error["code"]?.text ?? "", said: said, after: nil)
        }
        if let model = try json.told("model") { reply.model = model }
        if let usage = json["usage"], !usage.isNull { reply.usage = try ModelUsage(usage) }
        guard let choice = try json.toldList("choices").first else { return "" }
        if let end = try choice.told("finish_reason") { reason = end }
        guard let delta = try choice.toldObject("delta") else { return "" }
        if let refusal = try delta.told("refusal") { reply.refusal = (reply.refusal ?? "") + refusal }
        for call in try delta.toldList("tool_calls") { try take(call) }
        guard let text = try delta.told("content") else { return "" }
        hasText = true
        reply.text += text
        return text
    }

    /// The first piece of a call has its id and name; all have a part of the arguments.
    private mutating func take(_ piece: JSON) throws(ModelFailure) {
        let told = piece["index"] ?? .null
        let place = told.isNull ? Int64(max(0, calls.count - 1)) : told.int
        guard let index = place.map({ Int($0) }), (0..<128).contains(index) else {
            throw .malformed("the index of a call is not one of a few calls")
        }
        var call = calls[index] ?? ChatToolCall(id: "", name: "", arguments: "")
        if let id = try piece.told("id"), !id.isEmpty { call.id = id }
        let function = try piece.toldObject("function")
        if let name = try function?.told("name"), !name.isEmpty { call.name = name }
        call.arguments += try function?.told("arguments") ?? ""
        calls[index] = call
    }

    /// The whole answer. A stream that broke off has none.
    package func finish() throws(ModelFailure) -> ChatReply {
        guard isDone || reason != nil else { throw .unreachable("the stream broke off") }
        var whole = reply
        whole.calls = calls.sorted { $0.key < $1.key }.map { index, call in
            var call = call
            if call.id.isEmpty { call.id = "call_\(index)" }
            return call
        }
        whole.end = ChatReply.end(reason, hasCalls: !calls.isEmpty)
        guard whole.calls.allSatisfy({ !$0.name.isEmpty }) else {
            throw .malformed("a call of a tool has no name")
        }
        try whole.checkParts(hasText: hasText, reason)
        return whole
    }
}
