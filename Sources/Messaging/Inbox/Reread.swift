package import Database
package import JSON
internal import Records
internal import Runtime

extension Transaction {
    /// Another reading of an answer than that of the rules, with the words that show it and who read them. Who
    /// turns out to want no more mails gets none.
    package func reread(
        _ message: Message, as replyClass: Message.Class, confidence: Double, quote: String, by source: JSON
    ) throws -> Message {
        guard message.replyClass != replyClass else { return message }
        var reread = message
        (reread.replyClass, reread.confidence) = (replyClass, confidence)
        reread.evidence = message.evidence.merging([
            "words": [["quote": .string(quote), "source": "model", "weight": .null]], "reader": source,
            "class_by_rules": JSON(message.replyClass?.rawValue),
        ])
        try change(message, to: &reread)
        if replyClass == .unsubscribe { try unsubscribe(reread) }
        try publish("message.classified", reread.subjectOfEvents, reread.told)
        return reread
    }

    private func unsubscribe(_ message: Message) throws {
        let own = try message.contactID.flatMap { try Contact.resource.find($0, in: self) }?.email
        for address in Set([message.sender, own].compactMap(\.self)) {
            try suppress(
                address, .email, .unsubscribe, message: message.id.text, note: "They asked for it in a mail.")
        }
        guard let contact = message.contactID else { return }
        try publish(
            "contact.unsubscribed", Subject(type: "contact", id: contact.text),
            ["channel": "email", "message_id": .string(message.id.text)])
    }
}
