package import Agents
package import Integrations
package import JSON

/// A connector to the chat in which an agency's own people work: they are told and asked there, and decide by buttons.
package protocol StaffChat: ChatSending {
    /// Returns the channel in which staff are told; `nil`: nobody is.
    func place(_ settings: JSONObject) -> String?
    /// Returns the workspace whose people decide.
    func workspace(_ settings: JSONObject) -> String?
    /// Posts something for staff, once; accepted, the service's name of it is what it is replaced by.
    func post(
        _ post: StaffPost, in channel: String, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome
    /// Puts something else in the place of a post.
    func replace(
        _ name: String, by post: StaffPost, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome
    /// Looks up whether a post whose answer was lost is there.
    func find(_ post: String, posted channel: String, _ access: IntegrationAccess) async -> SendLookup
    /// Returns who somebody of the workspace is; `nil` where that cannot be told.
    func person(_ id: String, _ access: IntegrationAccess) async -> StaffPerson?
    /// Tells whoever pressed a button what came of it: in place of the message, or to them alone. Answers why it could
    /// not, if so.
    func answer(
        _ text: String, at address: String, replacing: Bool, _ access: IntegrationAccess
    ) async -> ToolFailure?
}

/// Something that staff are told, or asked to decide.
package struct StaffPost: Hashable, Sendable {
    package struct Button: Hashable, Sendable {
        package let action: String, label: String, value: String
    }

    /// Our own name of it, by which it is found again.
    package let id: String
    package var text: String
    package var more: String?
    package var buttons: [Button] = []

    package init(id: String, text: String, more: String? = nil, buttons: [Button] = []) {
        (self.id, self.text, self.more, self.buttons) = (id, text, more, buttons)
    }
}

/// Somebody as the workspace knows them.
package struct StaffPerson: Sendable {
    package let id: String, workspace: String?
    package let name: String?, email: String?
    /// Whether it is a person, and still one of the workspace.
    package let isActive: Bool

    package init(id: String, workspace: String?, name: String?, email: String?, isActive: Bool) {
        (self.id, self.workspace, self.name, self.email) = (id, workspace, name, email)
        self.isActive = isActive
    }
}

/// A button that somebody has pressed, or a command that they gave. What it names proves nothing: anybody can name an
/// approval; who they are decides.
package struct StaffPress: Sendable {
    package static let approve = "approve", reject = "reject"
    /// The command that asks what waits.
    package static let ask = "ask"

    package let user: String, workspace: String?
    package var action = "", value = ""
    /// The address at which they can be answered, for a while.
    package var answerAt: String?

    package init(user: String, workspace: String?) { (self.user, self.workspace) = (user, workspace) }
}
