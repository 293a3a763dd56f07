package import Database
internal import Jobs
package import Records

package extension AgentStore where Base == Transaction {
    /// Throws `forbidden` when the actor is an agent that has no such permission in this tenant. What people
    /// and keys may do was asked when the request was received.
    func require(_ permission: Permission, of actor: Actor) throws {
        guard actor.kind == .agent else { return }
        guard let agent = tx.runtime.agents[actor.id], try status(agent).permissions.contains(permission)
        else { throw RuntimeError.forbidden(agent: actor.id, permission) }
    }
}
