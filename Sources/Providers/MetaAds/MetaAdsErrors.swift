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
            return wire.pause(reach, for: answer.retryAfter ?? .seconds(300))
        case 10?, 200?, 294?, 368?:
            return ToolFailure(
                IntegrationCheck.permissionCode, "Meta Ads does not let this account be read",
                isRetryable: false)
        case 1?, 2?: return wire.unavailable(answer)
        case 100? where error?["error_subcode"]?.int == 1_504_018:
            return ToolFailure(
                "timeout", "Meta Ads needs too long for so many campaigns and days: ask for fewer days",
                isRetryable: false)
        default: return wire.usualFailure(answer, reach)
        }
    }
}
