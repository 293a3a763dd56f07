internal import Agents
internal import HTTPClient
internal import Integrations
internal import JSON
package import Messages
internal import Records

/// Outbound messages: https://developers.facebook.com/docs/whatsapp/cloud-api/messages
extension WhatsApp {
    /// Sizes as the service tells them; files of ours are smaller than its documents may be.
    package var files: ChatFiles? {
        let office = "application/vnd.openxmlformats-officedocument."
        return ChatFiles([
            .init("image", ["image/jpeg", "image/png"], sizeMax: 5 << 20),
            .init("video", ["video/mp4", "video/3gpp"], sizeMax: 16 << 20),
            .init(
                "audio", ["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"],
                sizeMax: 16 << 20, captionMax: 0),
            .init(
                "document",
                [
                    "application/pdf", "text/plain", "text/csv", "application/msword",
                    "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
                    office + "wordprocessingml.document", office + "spreadsheetml.sheet",
                    office + "presentationml.presentation",
                ], sizeMax: 100 << 20),
        ])
    }

    static func body(_ message: OutgoingChat, _ media: String?) -> JSON {
        var body: JSONObject = ["messaging_product": "whatsapp", "recipient_type": "individual"]
        // A person who hides their number is known by an id instead.
        if message.address.hasPrefix("+") {
            body.append("to", .string(String(message.address.dropFirst())))
        } else {
            body.append("recipient", .string(message.address))
        }
        if let template = message.template {
            body.append("type", "template")
            body.append("template", Self.template(template, message.file, media))
        } else if let file = message.file, let media {
            body.append("type", .string(file.kind))
            body.append(file.kind, Self.part(file, media, caption: message.text))
        } else {
            body.append("type", "text")
            body.append("text", ["body": .string(message.text), "preview_url": false])
        }
        body.append("biz_opaque_callback_data", JSON(message.messageID))
        return .object(body)
    }

    private static func template(
        _ template: OutgoingChat.Template, _ file: OutgoingFile?, _ media: String?
    ) -> JSON {
        var components = template.components.array ?? []
        if let file, let media, template.isHeadedByFile {
            let parameter: JSON = [
                "type": .string(file.kind),
                file.kind: part(file, media, caption: ""),
            ]
            components.insert(["type": "header", "parameters": [parameter]], at: 0)
        }
        var json: JSONObject = [
            "name": .string(template.name), "language": ["code": .string(template.language)],
        ]
        if !components.isEmpty { json["components"] = .array(components) }
        return .object(json)
    }

    private static func part(_ file: OutgoingFile, _ media: String, caption: String) -> JSON {
        var part: JSONObject = ["id": .string(media)]
        if !caption.isEmpty, file.kind != "audio" { part["caption"] = .string(caption) }
        if file.kind == "document" { part["filename"] = .string(file.name) }
        return .object(part)
    }

    enum Upload {
        case id(String)
        case outcome(SendOutcome)
    }

    /// Brings a file to the service, which nobody sees before a message names it: what is not known to have come is
    /// brought again.
    func upload(_ file: OutgoingFile, _ access: IntegrationAccess, _ permit: Permit) async -> Upload {
        var form = MultipartForm()
        form.add("messaging_product", "whatsapp")
        form.add("type", file.mediaType)
        form.add("file", fileName: file.name, mediaType: file.mediaType, file.bytes)
        let body = form.encoded
        let handed = await service.withPatience.handOver(
            permit, url("media", access), headers(access) + [("Content-Type", body.mediaType)], body.bytes)
        switch handed {
        case .outcome(.unknown(let detail)):
            return .outcome(.later(code: "whatsapp_upload", detail: detail, after: nil))
        case .outcome(let outcome): return .outcome(outcome)
        case .answer(let response):
            guard (200..<300).contains(response.status) else { return .outcome(outcome(of: response)) }
            guard let id = (try? JSONParser.parse(response.body))?["id"]?.words else {
                return .outcome(
                    .later(
                        code: "whatsapp_upload", detail: "WhatsApp answered the upload without an id.",
                        after: nil))
            }
            return .id(id)
        }
    }
}
