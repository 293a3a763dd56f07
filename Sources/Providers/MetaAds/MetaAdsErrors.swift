internal import Agents
internal import Integrations
internal import JSON

extension MetaAds {
    /// Returns what an answer's error means. Its codes say more than the status, which is mostly 400.
    func failure(_ answer: LookupWire.Answer, _ reach: ConnectorCall) -> ToolFailure? {
        guard !answer.isGood else { return nil }
        let error = answer.body["error"]
        switch error?["code"]?.int {
        case 190?, 102?: return wire.unauthenticated
        case 4?, 17?, 32?, 613?, 80000?, 80003?, 80004?:
            return wire.pause(reach, for: Self.pause(answer) ?? answer.retryAfter ?? .seconds(300))
        case 10?, 200?, 294?, 368?:
            return ToolFailure(
                IntegrationCheck.permissionCode,
                "Meta Ads does not permit this: the token needs ads_read, and ads_management to set budgets",
                isRetryable: false)
        case 1_885_183?:
            return ToolFailure(
                IntegrationCheck.permissionCode, "The app at Meta is in development mode", isRetryable: false)
        // "Reduce the amount of data": 1487534; out of time: 1504018, 1504038.
        case 2? where error?["error_subcode"]?.int == 1_504_038,
            100? where [1_487_534, 1_504_018].contains(error?["error_subcode"]?.int):
            return ToolFailure(
                "timeout", "Meta Ads needs too long for so many campaigns and days: ask for fewer days",
                isRetryable: false)
        case 100? where error?["error_subcode"]?.int == 1_885_272:
            return ToolFailure(
                "budget_too_low", "Meta Ads asks for a higher daily budget of this campaign",
                isRetryable: false
            )
        case 1?, 2?: return wire.unavailable(answer)
        default: return wire.usualFailure(answer, reach)
        }
    }

    /// The minutes after which it says that access comes back, the longest of all that it names.
    private static func pause(_ answer: LookupWire.Answer) -> Duration? {
        guard let text = answer.header("X-Business-Use-Case-Usage"),
            let usage = try? JSONParser.parse(Array(text.utf8))
        else { return nil }
        let minutes =
            (usage.object?.members ?? []).flatMap { $0.value.array ?? [] }
            .compactMap { $0["estimated_time_to_regain_access"]?.int }.max() ?? 0
        return minutes > 0 ? .seconds(min(minutes, 1440) * 60) : nil
    }
}
