/// A thing that modules refer to without seeing its declaration, which a module above them has.
package protocol Noun: Identified {}

/// The nouns of records that modules below their own refer to. A record whose head is that of a noun has the noun's
/// identifiers; those of all others are of their own type: `ID<Payment>`.
package enum Nouns {
    package enum AgentRun: Noun {
        package static let idPrefix = "run", noun = "agent_run", table = "agent_runs"
    }
    package enum APIKey: Noun {
        package static let idPrefix = "key", noun = "api_key", table = "api_keys"
    }
    package enum Approval: Noun {
        package static let idPrefix = "apr", noun = "approval", table = "approvals"
    }
    package enum Campaign: Noun {
        package static let idPrefix = "cmp", noun = "campaign", table = "campaigns"
    }
    package enum Client: Noun {
        package static let idPrefix = "client", table = "clients"
    }
    package enum Contact: Noun {
        package static let idPrefix = "contact", table = "contacts"
    }
    package enum ContentItem: Noun {
        package static let idPrefix = "content", noun = "content_item", table = "content_items"
    }
    package enum Contract: Noun {
        package static let idPrefix = "contract", table = "contracts"
    }
    package enum Deal: Noun {
        package static let idPrefix = "deal", table = "deals"
    }
    package enum Decision: Noun {
        package static let idPrefix = "dec", noun = "decision", table = "decisions"
    }
    package enum Integration: Noun {
        package static let idPrefix = "int", noun = "integration", table = "integrations"
    }
    package enum Invoice: Noun {
        package static let idPrefix = "inv", noun = "invoice", table = "invoices"
    }
    package enum Job: Noun {
        package static let idPrefix = "job", table = "jobs"
    }
    package enum Lead: Noun {
        package static let idPrefix = "lead", table = "leads"
    }
    package enum Message: Noun {
        package static let idPrefix = "msg", noun = "message", table = "messages"
    }
    package enum Metric: Noun {
        package static let idPrefix = "metric", table = "metrics"
    }
    package enum Package: Noun {
        package static let idPrefix = "pkg", noun = "package", table = "packages"
    }
    package enum Sandbox: Noun {
        package static let idPrefix = "sbx", noun = "sandbox", table = "sandboxes"
    }
    package enum Segment: Noun {
        package static let idPrefix = "seg", noun = "segment", table = "segments"
    }
    package enum Session: Noun {
        package static let idPrefix = "ses", noun = "session", table = "sessions"
    }
    package enum SocialAccount: Noun {
        package static let idPrefix = "sac", noun = "social_account", table = "social_accounts"
    }
    package enum SocialPost: Noun {
        package static let idPrefix = "spo", noun = "social_post", table = "social_posts"
    }
    package enum Team: Noun {
        package static let idPrefix = "team", table = "teams"
    }
    package enum Ticket: Noun {
        package static let idPrefix = "ticket", table = "tickets"
    }
    package enum User: Noun {
        package static let idPrefix = "user", table = "users"
    }
    package enum WorkflowRun: Noun {
        package static let idPrefix = "wfr", noun = "workflow_run", table = "workflow_runs"
    }
}

package typealias AgentRunID = ID<Nouns.AgentRun>
package typealias APIKeyID = ID<Nouns.APIKey>
package typealias ApprovalID = ID<Nouns.Approval>
package typealias CampaignID = ID<Nouns.Campaign>
package typealias ClientID = ID<Nouns.Client>
package typealias ContactID = ID<Nouns.Contact>
package typealias ContentItemID = ID<Nouns.ContentItem>
package typealias ContractID = ID<Nouns.Contract>
package typealias DealID = ID<Nouns.Deal>
package typealias DecisionID = ID<Nouns.Decision>
package typealias IntegrationID = ID<Nouns.Integration>
package typealias InvoiceID = ID<Nouns.Invoice>
package typealias JobID = ID<Nouns.Job>
package typealias LeadID = ID<Nouns.Lead>
package typealias MessageID = ID<Nouns.Message>
package typealias MetricID = ID<Nouns.Metric>
package typealias PackageID = ID<Nouns.Package>
package typealias SandboxID = ID<Nouns.Sandbox>
package typealias SegmentID = ID<Nouns.Segment>
package typealias SessionID = ID<Nouns.Session>
package typealias SocialAccountID = ID<Nouns.SocialAccount>
package typealias SocialPostID = ID<Nouns.SocialPost>
package typealias TeamID = ID<Nouns.Team>
package typealias TicketID = ID<Nouns.Ticket>
package typealias UserID = ID<Nouns.User>
package typealias WorkflowRunID = ID<Nouns.WorkflowRun>
