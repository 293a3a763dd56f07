internal import JSON

/// Puts a streamed answer together, piece by piece (`data:` of each server-sent event).
package struct ChatAssembly: Sendable {
    /// More than this is no answer to anything that was asked.
    private static let textBytesMax = 1024 * 1024

    private var reply = ChatReply()
    private var calls: [Int: ChatToolCall] = [:]
    private var reason: String?
    private var isDone = false
    private var size = 0

    package init() {}

    /// What is new of the text. Throws what the server says in the middle of a stream.
    package mutating func take(_ data: String) throws(ModelFailure) -> String {
        guard data != "[DONE]" else {
            isDone = true
            return ""
        }
        size += data.utf8.count
        guard size <= Self.textBytesMax * 8, reply.text.utf8.count <= Self.textBytesMax else {
            throw .malformed("the stream does not end")
        }
        guard let json = try? JSONParser.parse(data) else {
            throw .malformed("a part of the stream is not valid JSON")
        }
        if let error = json["error"], !error.isNull {
            let said = error["message"]?.text ?? error.text ?? ""
            throw ModelFailure(status: 500, code: error["code"]?.text ?? "", said: said, after: nil)
        }
        if let model = json["model"]?.text { reply.model = model }
        if let usage = json["usage"], !usage.isNull { reply.usage = ModelUsage(usage) }
        guard let choice = json["choices"]?.array?.first else { return "" }
        if let end = choice["finish_reason"]?.text { reason = end }
        guard let delta = choice["delta"] else { return "" }
        if let refusal = delta["refusal"]?.text { reply.refusal = (reply.refusal ?? "") + refusal }
        for call in delta["tool_calls"]?.array ?? [] { take(call) }
        let text = delta["content"]?.text ?? ""
        reply.text += text
        return text
    }

    /// The first piece of a call has its id and name; all have a part of the arguments.
    private mutating func take(_ piece: JSON) {
        let index = Int(piece["index"]?.int ?? Int64(max(0, calls.count - 1)))
        guard (0..<128).contains(index) else { return }
        var call = calls[index] ?? ChatToolCall(id: "", name: "", arguments: "")
        if let id = piece["id"]?.text, !id.isEmpty { call.id = id }
        if let name = piece["function"]?["name"]?.text, !name.isEmpty { call.name = name }
        call.arguments += piece["function"]?["arguments"]?.text ?? ""
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
        return whole
    }
}
