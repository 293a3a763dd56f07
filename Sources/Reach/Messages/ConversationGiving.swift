internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry

extension ConversationStore where Base == Transaction {
    /// Gives a conversation to another contact, with all that was said in it. Returns it as it is
    /// stored then, and as it is to be. A chat goes with the identity under which it is led, since whoever writes as
    /// that is the other contact.
    func give(
        _ old: Conversation, to wanted: Conversation, by actor: Actor
    ) throws -> (old: Conversation, new: Conversation) {
        guard let id = wanted.contactID else {
            throw Problem(faults: [
                Fault("/contact_id", "required", "A conversation is always with a contact: name another one.")
            ])
        }
        let contact = try Contact.resource.get(id, in: tx)
        guard old.channel != .portal else {
            throw Problem(
                .conflict, "A conversation in the portal stays with the contact who is signed in there.")
        }
        try requireNothingWaits(in: old)
        try endClaim(of: old, by: actor)
        var given = wanted
        given.clientID = contact.clientID
        if let identity = try old.identityID.flatMap({ try ContactIdentity.resource.find($0, in: tx) }) {
            _ = try tx.identities.move(identity, to: contact, undone: false, by: actor)
        }
        try tx.run(
            """
            UPDATE messages SET contact_id = \(contact.id), client_id = \(contact.clientID),
                version = version + 1, updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND conversation_id = \(old.id)
            """)
        return (try Conversation.resource.get(old.id, in: tx), given)
    }

    /// A message that waits would go to somebody for whom it was not written.
    private func requireNothingWaits(in conversation: Conversation) throws {
        let waiting = try Message.resource.first(
            where: "conversation_id = \(conversation.id) AND status IN ('queued', 'held')",
            suffix: "ORDER BY id LIMIT 1", in: tx)
        guard let waiting else { return }
        throw Problem(
            .conflict,
            "A message of the conversation has not left yet: wait until it has, or cancel it first.",
            extra: ["message_id": JSON(waiting.id)])
    }

    /// Releases a claim, which is on the contact it was with; somebody else's stays, and so does the conversation.
    private func endClaim(of conversation: Conversation, by actor: Actor) throws {
        guard let contact = conversation.contactID, let lock = try tx.messageLocks.find(on: contact),
            lock.isClaimed, lock.expiresAt > tx.now
        else { return }
        guard lock.owner == actor.lockOwner else { throw Problem(.lockLost) }
        try tx.messageLocks.release(on: contact, owner: lock.owner, claimed: true)
        try tx.heldMessages.lookAgain(at: contact, heldFor: "locked")
    }
}
