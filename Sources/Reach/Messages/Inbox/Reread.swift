package import Database
package import JSON
internal import Nouns
internal import Jobs
internal import People
internal import Records
internal import Tenancy

package extension InboxStore where Base == Transaction {
    /// Keeps a model's reading of an answer beside that of the rules, with the words that show it and who read them.
    /// Who turns out to want no more mails gets none.
    func reread(
        _ message: Message, as replyClass: Message.Class, confidence: Double, quote: String, by source: JSON
    ) throws -> Message {
        var reread = message
        (reread.replyClass, reread.confidence) = (replyClass, confidence)
        reread.evidence = message.evidence.merging([
            "words": [["quote": .string(quote), "source": "model", "weight": .null]], "reader": source,
            "class_by_rules": JSON(message.replyClass?.rawValue),
        ])
        try tx.outbox.change(message, to: &reread)
        guard message.replyClass != replyClass else { return reread }
        if replyClass == .unsubscribe { try unsubscribe(reread) }
        try tx.publish("message.classified", reread.subjectOfEvents, reread.payload)
        return reread
    }

    /// Sets what a reply means, as a person says. It holds from now on, and the agency's classifier learns from it.
    internal func correct(_ message: Message, to replyClass: Message.Class, by actor: Actor) throws -> Message
    {
        var corrected = message
        (corrected.replyClass, corrected.confidence) = (replyClass, 1)
        corrected.evidence = message.evidence.merging([
            "corrected_by": actor.json,
            "class_by_rules": message.evidence["class_by_rules"] ?? JSON(message.replyClass?.rawValue),
        ])
        try tx.outbox.change(message, to: &corrected)
        if replyClass == .unsubscribe, message.replyClass != .unsubscribe { try unsubscribe(corrected) }
        try tx.learning.correct(
            "reply_class", of: message.subjectOfEvents, to: replyClass.rawValue, by: actor)
        try tx.auditLog.add(actor, "message.classified", message.subjectOfEvents)
        try tx.publish("message.classified", corrected.subjectOfEvents, corrected.payload)
        return try Message.resource.get(message.id, in: tx)
    }

    private func unsubscribe(_ message: Message) throws {
        let own = try message.contactID.flatMap { try Contact.resource.find($0, in: tx) }?.email
        for address in Set([message.sender, own].compactMap(\.self)) {
            try tx.consents.suppress(
                address, .email, .unsubscribe, message: message.id,
                note: "The contact asked for it in a mail.")
        }
        guard let contact = message.contactID else { return }
        try tx.publish(
            "contact.unsubscribed", Subject(contact),
            ["channel": "email", "message_id": JSON(message.id)])
    }
}
