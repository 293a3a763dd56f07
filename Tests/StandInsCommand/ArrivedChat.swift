import JSON
import StandIns

/// A short message that a stand-in has taken.
struct ArrivedChat {
    let provider: String, to: String, text: String

    init?(graph request: ReceivedRequest) {
        guard request.method == "POST", request.target.hasSuffix("/messages"),
            let body = try? JSONParser.parse(request.body), let type = body["type"]?.text
        else { return nil }
        provider = "whatsapp"
        to = body["to"]?.text ?? body["recipient"]?.text ?? ""
        let part = body[type] ?? .null
        switch type {
        case "text": text = part["body"]?.text ?? ""
        case "template":
            let values = (part["components"]?.array ?? []).flatMap { $0["parameters"]?.array ?? [] }
            let given = values.compactMap { $0["text"]?.text ?? $0["payload"]?.text }
            text = "the template \(part["name"]?.text ?? "") with \(given.joined(separator: ", "))"
        default: text = "[\(type)] \(part["filename"]?.text ?? "") \(part["caption"]?.text ?? "")"
        }
    }

    init?(telegram request: ReceivedRequest) {
        guard request.method == "POST", let method = request.target.split(separator: "/").last else {
            return nil
        }
        provider = "telegram"
        switch method {
        case "sendMessage":
            guard let body = try? JSONParser.parse(request.body) else { return nil }
            (to, text) = (body["chat_id"]?.int.map(String.init) ?? "", body["text"]?.text ?? "")
        case "sendPhoto", "sendDocument":
            to = request.formField("chat_id") ?? ""
            text = "[\(method == "sendPhoto" ? "photo" : "document")] \(request.formField("caption") ?? "")"
        default: return nil
        }
    }

    init?(twilio request: ReceivedRequest) {
        guard request.method == "POST", request.target.hasSuffix("/Messages.json") else { return nil }
        let form = FormPairs(request.body)
        (provider, to, text) = ("twilio", form["To"] ?? "", form["Body"] ?? "")
    }

    init?(meta body: JSON, by provider: String) {
        guard let to = body["recipient"]?["id"]?.text, let text = body["message"]?["text"]?.text else {
            return nil
        }
        let tag = body["tag"]?.text.map { "[\($0)] " } ?? ""
        (self.provider, self.to, self.text) = (provider, to, tag + text)
    }

    init?(slack post: JSON) {
        guard let to = post["channel"]?.text, let text = post["text"]?.text else { return nil }
        let buttons = post["blocks"]?.array?.last?["elements"]?.array ?? []
        let value = buttons.first?["value"]?.text.map { " [approve or reject \($0)]" } ?? ""
        (provider, self.to, self.text) = ("slack", to, text + value)
    }

    var shown: String { "\nby \(provider), to \(to): \(text)" }
}
