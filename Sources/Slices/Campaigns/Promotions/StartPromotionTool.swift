internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Templates

/// Has the advertisement of a post run that is ready.
struct StartPromotionTool: InsideTool {
    struct Input: Declared {
        var promotionID = ID<PostPromotion>.unset

        static let schema = Schema<Input>(
            "StartPromotionInput",
            [.id("promotion_id", \.promotionID, .required, .about("The promotion's id."))])
    }

    static let name = "start_post_promotion"
    let title = "Start the advertisement of a post"
    let summary = "Has a post shown for money, within the budget of its campaign."
    let effect = ToolClass.spends
    // The money is counted when the service is told to run it.
    let takesQuota = false

    func permission(for input: Input) -> Permission? { "campaigns:spend" }

    func preview(_ input: Input) -> ToolPreview {
        ToolPreview(
            title: Saying("approval.start_promotion", [:]).english, text: input.promotionID.keyText,
            recipient: input.promotionID.keyText)
    }

    func perform(_ input: Input, _ call: ToolCall, in tx: Transaction) throws -> JSON {
        let promotion = try tx.promotions.start(input.promotionID, by: call.caller.actor)
        return ["promotion_id": JSON(promotion.id), "status": .string(promotion.status.rawValue)]
    }
}

extension CampaignID {
    /// Asks people, of a campaign that runs, to let the advertisements run that are ready; answers which.
    func askToStart(_ run: AgentRun) async throws -> [JSON] {
        let ready = try run.read { reader in
            guard try Campaign.resource.find(self, in: reader)?.status == .active else {
                return [PostPromotion]()
            }
            return try reader.promotions.open(of: self).filter { $0.status == .ready }
        }
        var asked: [JSON] = []
        for promotion in ready {
            let waiting = try run.read {
                try $0.approvals.pending(StartPromotionTool.name, about: promotion.subject)
            }
            guard waiting == nil else { continue }
            do {
                let call = try await run.call(
                    StartPromotionTool.name, ["promotion_id": JSON(promotion.id)],
                    effect: "start/\(promotion.id)/\(promotion.version)", about: promotion.subject,
                    reason: Saying("approval.start_promotion_why", [:]).english, asksFirst: true)
                guard case .awaitsApproval(let approval) = call else { continue }
                asked.append(["promotion_id": JSON(promotion.id), "approval_id": JSON(approval)])
            } catch is ToolRefusal {
                continue
            }
        }
        return asked
    }
}
