package import JSON
internal import People

extension MetaChat: MetaService {
    /// An account of Instagram that is linked to a page is let in by the page, any other by itself.
    package func login(_ settings: JSONObject) -> MetaLogin {
        let page = settings["page_id"]?.text
        guard channel == .instagram else {
            return MetaLogin(
                kind: .page(id: page ?? "", task: "MESSAGING"),
                scopes: [
                    "pages_show_list", "pages_messaging", "pages_manage_metadata", "pages_read_engagement",
                    "pages_manage_engagement", "business_management",
                ], graph: graph)
        }
        let chats = settings["ig_id"] != nil, posts = settings["ig_user_id"] != nil
        guard let page else {
            return MetaLogin(
                kind: .account,
                scopes: ["instagram_business_basic", "instagram_business_manage_comments"]
                    + (chats ? ["instagram_business_manage_messages"] : [])
                    + (posts
                        ? ["instagram_business_content_publish", "instagram_business_manage_insights"] : []),
                graph: graph)
        }
        return MetaLogin(
            kind: .page(id: page, task: nil),
            scopes: [
                "pages_show_list", "pages_read_engagement", "business_management", "instagram_basic",
                "instagram_manage_comments",
            ] + (chats ? ["instagram_manage_messages", "pages_manage_metadata"] : [])
                + (posts ? ["instagram_content_publish", "instagram_manage_insights"] : []),
            graph: graph)
    }
}
