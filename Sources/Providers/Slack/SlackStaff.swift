package import Agents
internal import HTTPClient
package import Integrations
package import JSON
package import Messages
internal import Records

/// Posts that staff read, and buttons that they press: https://api.slack.com/interactivity
extension Slack {
    package func place(_ settings: JSONObject) -> String? { settings["channel"]?.text }
    package func workspace(_ settings: JSONObject) -> String? { settings["team_id"]?.text }

    package func post(
        _ post: StaffPost, in channel: String, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        var body = Self.post(in: channel, SlackText.escaped(post.text), of: post.id)
        body["blocks"] = Self.blocks(post)
        return await hand(over: .object(body), "chat.postMessage", access, permit)
    }

    package func replace(
        _ name: String, by post: StaffPost, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        let parts = name.split(separator: ":").map(String.init)
        guard parts.count == 3 else {
            return .refused(SendRefusal(.message, code: "slack_post", detail: "The post has no place."))
        }
        let body: JSON = [
            "channel": .string(parts[1]), "ts": .string(parts[2]),
            "text": .string(SlackText.escaped(post.text)), "blocks": Self.blocks(post),
        ]
        return await hand(over: body, "chat.update", access, permit)
    }

    package func find(
        _ post: String, posted channel: String, _ access: IntegrationAccess
    ) async -> SendLookup {
        await find(post, in: channel, access)
    }

    private static func blocks(_ post: StaffPost) -> JSON {
        func section(_ text: String) -> JSON {
            [
                "type": "section",
                "text": ["type": "mrkdwn", "text": .string(String(SlackText.escaped(text).prefix(2900)))],
            ]
        }
        var blocks = [section(post.text)]
        if let more = post.more, !more.isEmpty { blocks.append(section(more)) }
        if !post.buttons.isEmpty {
            blocks.append([
                "type": "actions", "block_id": "decision",
                "elements": .array(
                    post.buttons.map { button in
                        [
                            "type": "button", "action_id": .string(button.action),
                            "value": .string(button.value),
                            "style": .string(button.action == StaffPress.approve ? "primary" : "danger"),
                            "text": ["type": "plain_text", "text": .string(String(button.label.prefix(75)))],
                        ]
                    }),
            ])
        }
        return .array(blocks)
    }

    package func person(_ id: String, _ access: IntegrationAccess) async -> StaffPerson? {
        let place = "\(access.baseURL)/users.info?user=\(id.percentEncoded)"
        let answer = await service.inPassing.look(place, headers(access), access.reach)
        guard answer?["ok"] == true, let user = answer?["user"] else { return nil }
        let profile = user["profile"]
        return StaffPerson(
            id: id, workspace: user["team_id"]?.words,
            name: profile?["real_name"]?.words ?? user["name"]?.words, email: profile?["email"]?.words,
            isActive: user["deleted"] != true && user["is_bot"] != true)
    }

    /// The address is good for half an hour and five answers, and for whoever has it.
    package func answer(
        _ text: String, at address: String, replacing: Bool, _ access: IntegrationAccess
    ) async -> ToolFailure? {
        guard let url = try? OutboundURL(address), let own = try? OutboundURL(access.baseURL),
            url.host == own.host || url.host == "hooks.slack.com"
        else { return ToolFailure("address", "The address is not Slack's.", isRetryable: false) }
        var body: JSONObject = [
            "replace_original": .bool(replacing), "text": .string(SlackText.escaped(text)),
        ]
        if !replacing { body["response_type"] = "ephemeral" }
        let handed = await service.inPassing.handOver(
            nil, address, [("Content-Type", "application/json; charset=utf-8")], JSON.object(body).bytes)
        return switch handed {
        case .answer(let response) where (200..<300).contains(response.status): nil
        case .answer(let response):
            ToolFailure(service.code(response), service.words(of: response), isRetryable: false)
        case .outcome: ToolFailure("unreachable", "Slack did not answer.", isRetryable: false)
        }
    }

    package func name(of address: String, _ access: IntegrationAccess) async -> String? {
        guard let id = address.split(separator: "/").last else { return nil }
        return await person(String(id), access)?.name
    }

    package var tellsNames: Bool { true }
}
