package import Agents

/// Tells people of the agency something in their own chats; notifications reach for it.
package struct PostNotificationTool: ExecutorTool {
    package typealias Input = NoToolInput

    package static let name = "post_notification"
    package let title = "Post a notification"
    package let summary =
        "Tells somebody of the agency in the chat that they have set; nobody calls it by its name."
    package let effect = ToolClass.sends

    package init() {}
}
