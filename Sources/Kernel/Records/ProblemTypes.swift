extension ProblemType {
    package static let malformedJSON = ProblemType(
        "malformed_json", 400, "The body is not valid JSON",
        remedy: "Send one JSON document in UTF-8; line and column say where reading stopped.")
    package static let unknownFilter = ProblemType(
        "unknown_filter", 400, "A filter is not known",
        remedy:
            "Filter by fields marked filterable in /v1/meta/resources, with eq, ne, gt, gte, lt, lte or is.")
    package static let invalidCursor = ProblemType(
        "invalid_cursor", 400, "The cursor is not valid",
        remedy: "Pass next_cursor of the page before, with the same sort, or start without a cursor.")
    package static let invalidParameter = ProblemType(
        "invalid_parameter", 400, "A query parameter is not valid",
        remedy: "Correct the parameter that detail names.")
    package static let badRequest = ProblemType(
        "bad_request", 400, "The request is not valid HTTP", remedy: "Correct what detail names.")
    package static let unauthenticated = ProblemType(
        "unauthenticated", 401, "Sign in first",
        remedy: "Send a valid access token or API key as Authorization: Bearer.")
    package static let invalidCredentials = ProblemType(
        "invalid_credentials", 401, "The credentials are not valid",
        remedy: "Check email and password, or ask for a new password.")
    package static let refreshTokenReused = ProblemType(
        "refresh_token_reused", 401, "The refresh token is no longer valid",
        remedy: "Sign in again: a refresh token works once, and its session has been ended.")
    package static let forbidden = ProblemType(
        "forbidden", 403, "Not permitted", remedy: "Ask an owner of the agency for the permission.")
    package static let signupClosed = ProblemType(
        "signup_closed", 403, "Sign-up is closed", remedy: "Ask the operator for an invitation.")
    package static let tenantSuspended = ProblemType(
        "tenant_suspended", 403, "The agency is suspended",
        remedy: "Ask the operator of the platform to lift the suspension.")
    package static let notFound = ProblemType(
        "not_found", 404, "Not found",
        remedy: "Check the path and the identifier: the record does not exist, or is not yours to see.")
    package static let methodNotAllowed = ProblemType(
        "method_not_allowed", 405, "The method is not allowed here",
        remedy: "Use one of the methods in Allow.")
    package static let requestTimeout = ProblemType(
        "request_timeout", 408, "The request took too long to arrive",
        remedy: "Send the request again over a faster connection, or in smaller parts.")
    package static let idempotencyInProgress = ProblemType(
        "idempotency_in_progress", 409, "The first request with this key is still running",
        remedy: "Wait a moment and send it again with the same key.")
    package static let signatureInvalid = ProblemType(
        "signature_invalid", 401, "The signature does not prove the sender",
        remedy: "Sign the body's exact bytes with the integration's secret and the current time.")
    package static let invalidTransition = ProblemType(
        "invalid_transition", 409, "The state does not allow this",
        remedy: "Choose one of the allowed states.")
    package static let conflict = ProblemType(
        "conflict", 409, "The request conflicts with the current state",
        remedy: "Read the current state and try again.")
    package static let alreadyExists = ProblemType(
        "already_exists", 409, "The record already exists",
        remedy: "Use the existing record, or send another value.")
    package static let sharedBudget = ProblemType(
        "shared_budget", 409, "The budget is not the campaign's alone",
        remedy:
            "Change the budget at the advertising service, or give the campaign one of its own there.")
    package static let lockLost = ProblemType(
        "lock_lost", 409, "Somebody else is answering in the conversation, or it has changed",
        remedy: "Read the conversation again, claim it if it is yours to answer, and write the message again."
    )
    package static let notApproved = ProblemType(
        "not_approved", 409, "Nobody has approved it", remedy: "Have it approved first, then try again.")
    package static let qualityErrors = ProblemType(
        "quality_errors", 409, "Something is wrong with the words",
        remedy: "Correct what the findings name, then submit it again.")
    package static let alreadyDecided = ProblemType(
        "already_decided", 409, "The approval has already been decided",
        remedy: "Read the approval to see the decision.")
    package static let alreadyReminded = ProblemType(
        "already_reminded", 409, "The client has a reminder already",
        remedy: "Wait until tomorrow, or see what holds the reminder that waits.")
    package static let budgetExhausted = ProblemType(
        "budget_exhausted", 409, "The budget is spent",
        remedy: "Wait for the budget's next period, or raise its limit with PATCH /v1/budgets/{id}.")
    package static let tenantRequired = ProblemType(
        "tenant_required", 409, "The address belongs to several agencies",
        remedy: "Name one of the agencies as tenant.")
    package static let agentNotActive = ProblemType(
        "agent_not_active", 409, "The agent is not active",
        remedy: "Activate it with PATCH /v1/agents/{name}, or see its reason for standing by.")
    package static let invitationInvalid = ProblemType(
        "invitation_invalid", 410, "The invitation is no longer valid", remedy: "Ask for a new invitation.")
    package static let resetInvalid = ProblemType(
        "reset_invalid", 410, "The link is no longer valid", remedy: "Ask for a new link.")
    package static let versionMismatch = ProblemType(
        "version_mismatch", 412, "The record has changed since you read it",
        remedy: "Read the record again and repeat the change with its new ETag.")
    package static let bodyTooLarge = ProblemType(
        "body_too_large", 413, "The body is too large", remedy: "Send less in one request, or use an import.")
    package static let uriTooLong = ProblemType(
        "uri_too_long", 414, "The URL is too long", remedy: "Shorten the query.")
    package static let unsupportedMediaType = ProblemType(
        "unsupported_media_type", 415, "The content type is not supported",
        remedy: "Send the content type that the operation names, usually application/json.")
    package static let validationFailed = ProblemType(
        "validation_failed", 422, "The request has faults", remedy: "Correct every fault listed in errors.")
    package static let tooManyOperations = ProblemType(
        "too_many_operations", 422, "Too many operations",
        remedy: "Send at most 1,000 operations in one call.")
    package static let idempotencyKeyReused = ProblemType(
        "idempotency_key_reused", 422, "The idempotency key belongs to another request",
        remedy: "Use a new key for a new request.")
    package static let rateLimited = ProblemType(
        "rate_limited", 429, "Too many requests",
        remedy:
            "Wait for the seconds in Retry-After. If it happens often, ask for less or for a higher limit.",
        reference: "ERR_002")
    package static let quotaExhausted = ProblemType(
        "quota_exhausted", 429, "The tool's quota is used up",
        remedy: "Wait for the seconds in Retry-After, or raise the limit with PATCH /v1/tools/{name}.")
    package static let headersTooLarge = ProblemType(
        "headers_too_large", 431, "The headers are too large", remedy: "Send fewer or shorter headers.")
    package static let unsupportedVersion = ProblemType(
        "unsupported_http_version", 505, "The version of HTTP is not supported",
        remedy: "Send HTTP/1.1; a proxy in front of the server can speak other versions.")
    package static let internalError = ProblemType(
        "internal_error", 500, "The server could not handle the request",
        remedy: "Try again; if the error persists, give the operator the request_id.")
    package static let unavailable = ProblemType(
        "unavailable", 503, "The service is not available at the moment",
        remedy: """
            Try again in a moment; nothing was written, unless detail says that this is not known. If the problem \
            persists, the operator should check the disk's space and the data folder's permissions, run bureau doctor, \
            and restart the server.
            """, reference: "ERR_001")
    package static let toolUnavailable = ProblemType(
        "tool_unavailable", 503, "The tool cannot be used at the moment",
        remedy: "Try again later; GET /v1/tools/{name} shows its health.")
    /// The problem of a run that took too long; no request is answered with it.
    package static let agentTimeout = ProblemType(
        "agent_timeout", 504, "The agent exceeded its time limit",
        remedy:
            "Give the agent less work at once, such as a smaller batch_size or limit; then retry the run.",
        reference: "ERR_003")
    /// The problem that outside services answer with, in jobs, calls of tools and tests; no request is answered with
    /// it.
    package static let serviceLimited = ProblemType(
        "service_rate_limited", 429, "The limit of an outside service is reached",
        remedy: """
            Bureau retries automatically, waiting longer each time. Check how much of the service is used, ask it for \
            less at once, or take a larger plan.
            """, reference: "ERR_002")
    /// A 401 or 403 from an outside service, in jobs, calls of tools and tests; no request is answered with it.
    package static let serviceRefuses = ProblemType(
        "service_refuses", 401, "An outside service rejects the credentials",
        remedy: "Enter valid credentials that allow what is asked, test the integration, then try again.")
    /// A refusal by an outside service that knows the credentials, in jobs, calls of tools and tests; no request is
    /// answered with it.
    package static let permissionMissing = ProblemType(
        "permission_missing", 403, "An outside service does not permit what is asked",
        remedy: """
            Grant the permission at the service, or enter credentials that have it, test the integration, then try \
            again.
            """)
    package static let tooSlow = ProblemType(
        "query_too_slow", 503, "The query took too long",
        remedy: "Narrow the query: filter by an indexed field, or leave out total=true.")

    /// The types that every route may answer with.
    package static let general: [ProblemType] = [
        malformedJSON, unknownFilter, invalidCursor, invalidParameter, badRequest, unauthenticated,
        invalidCredentials, refreshTokenReused, forbidden, signupClosed, tenantSuspended, notFound,
        methodNotAllowed, requestTimeout, idempotencyInProgress, invalidTransition, conflict, alreadyExists,
        tenantRequired, agentNotActive, invitationInvalid, resetInvalid, versionMismatch, bodyTooLarge,
        uriTooLong, unsupportedMediaType, validationFailed, tooManyOperations, idempotencyKeyReused,
        rateLimited, headersTooLarge, unsupportedVersion, internalError, unavailable, tooSlow, agentTimeout,
        alreadyDecided, alreadyReminded, notApproved, qualityErrors,
        lockLost, sharedBudget,
        budgetExhausted, quotaExhausted, toolUnavailable, signatureInvalid, serviceLimited, serviceRefuses,
        permissionMissing,
    ]

    /// Returns the type of problem for the code of a failure that came from a service: `mailgun_429`, `http_403`.
    /// WhatsApp has numbers of its own.
    package static func ofService(_ code: String) -> ProblemType? {
        if code == permissionMissing.code { return permissionMissing }
        return switch code.split(separator: "_").last {
        case "429", "80007", "130429", "131056": serviceLimited
        case "401", "403": serviceRefuses
        default: nil
        }
    }

    /// Advice about the faults of bodies, by code.
    static let faultRemedies = Dictionary(
        faultCodes.map { ($0.code, $0.remedy) }, uniquingKeysWith: { first, _ in first })

    /// The codes of faults inside a body, each with what to do about it.
    package static let faultCodes: [ProblemType] = [
        fault("required", "A required value is missing", "Send the field with a value."),
        fault(
            "unknown_field", "The field is not known",
            "Remove the field; /v1/meta/resources lists the known ones."),
        fault("invalid_choice", "The value is not one of the choices", "Send one of the values in choices."),
        fault("wrong_type", "The value has the wrong type", "Send the type that the schema names."),
        fault("out_of_range", "The value is out of range", "Send a value within the limits."),
        fault("too_long", "The value is too long", "Shorten the value."),
        fault(
            "text_too_long", "The text is longer than the network takes",
            "Shorten the text: length and max count as the network does."),
        fault("too_many_hashtags", "There are more hashtags than the network takes", "Take some out."),
        fault("too_many_mentions", "There are more mentions than the network takes", "Take some out."),
        fault(
            "hidden_characters", "The text has characters that nobody sees",
            "Take them out: the detail names the first with its place."),
        fault("media_required", "The network takes no post without a picture or film", "Add one in media."),
        fault("too_many_media", "There are more pictures or films than the network takes", "Take some out."),
        fault(
            "media_type", "The network does not take this kind of file",
            "Send a file of a kind that /v1/social-networks names."),
        fault(
            "media_ratio", "The network does not take this shape", "Cut the picture or film to another shape."
        ),
        fault("media_too_large", "The file is larger than the network takes", "Send a smaller file."),
        fault(
            "media_length", "The film is shorter or longer than the network takes",
            "Cut the film to a length that /v1/social-networks names."),
        fault(
            "media_codec", "The network does not take how the film is written",
            "Write the film with a codec that /v1/social-networks names."),
        fault(
            "media_frame_rate", "The film has more or fewer pictures a second than the network takes",
            "Write the film with a rate that /v1/social-networks names."),
        fault(
            "media_damaged", "The picture or film cannot be read to its end",
            "Open the file, save it once more, and send it again."),
        fault(
            "alt_text_required", "A picture has no words for those who do not see it",
            "Say in alt_text what the picture shows."),
        fault("in_the_past", "The time has passed", "Send a time that is to come."),
        fault(
            "duplicate_text", "The account says the same within thirty days",
            "Change the words, or send allow_repeat."),
        fault(
            "invalid_text", "The text has characters that cannot be stored",
            "Remove control characters, and line breaks where the field is one line."),
        fault(
            "invalid_email", "The value is not an email address",
            "Send an address such as jane@example.com."),
        fault(
            "invalid_phone", "The value is not a telephone number",
            "Send the number with its country code: +1 415 555 2671."),
        fault(
            "invalid_url", "The value is not a web address",
            "Send an address such as https://www.example.com."),
        fault(
            "refused_address", "The address leads where this installation does not call",
            "Send an address that is reachable from everywhere."),
        fault("invalid_country", "The value is not a country", "Send an ISO 3166 code such as DE."),
        fault("invalid_currency", "The value is not a currency", "Send an ISO 4217 code such as USD."),
        fault(
            "invalid_time_zone", "The value is not a time zone",
            "Send a name of the tz database such as Europe/Berlin."),
        fault(
            "invalid_cron", "The value is not a schedule",
            "Send five cron fields, or daily, hourly, every_2_hours."),
        fault("invalid_time", "The value is not an hour of the day", "Send an hour such as 09:00."),
        fault("invalid_date", "The value is not a date", "Send a date such as 2027-03-01."),
        fault(
            "invalid_instant", "The value is not a date and time",
            "Send an RFC 3339 time such as 2026-11-20T06:15:29.123Z."),
        fault(
            "invalid_address", "The value is not an IP address or range",
            "Send an address or a range such as 203.0.113.0/24."),
        fault("invalid_key", "The name is not valid", "Use letters, digits, '_', '-' and '.', at most 64."),
        fault(
            "invalid_pointer", "The value is not a JSON Pointer",
            "Name a place such as /data/id (RFC 6901); an empty text is the whole document."),
        fault(
            "invalid_path", "The value is not a path",
            "Begin the path with /, and put what follows a ? into query."),
        fault(
            "unknown_name", "The text has a name that is not known there",
            "Use one of the names that detail lists, or leave the place out."),
        fault(
            "stray_space", "The value has a space or a line break in it",
            "Copy the value again, in one piece and without spaces."),
        fault("stray_quote", "The value is in quotes", "Send the value without the quotes."),
        fault("read_only", "The field is read-only", "Leave the field out."),
        fault("weak_password", "The password is too easy to guess", "Use a longer or less common password."),
        fault(
            "unknown_reference", "The record referred to does not exist",
            "Send the identifier of an existing record."),
        fault(
            "invalid_range", "The value is outside of what its neighbours leave",
            "Send a value within the bounds that detail names."),
        fault("weights_sum", "The weights do not sum to 100", "Change the weights so that they sum to 100."),
        fault(
            "invalid_mapping", "The mapping names an unknown field",
            "Map to a field of leads or custom.<key>."),
        fault(
            "invalid_locale", "The value is not a language tag", "Write a language tag such as en or pt-BR."),
        fault("invalid_type", "The value is of the wrong kind", "Send the kind of value that detail names."),
        fault("wrong_count", "The number of values is wrong", "Send as many values as detail names."),
        fault(
            "invalid_media_type", "The file is of a kind that cannot be used here",
            "Send one of the kinds that detail names."),
        fault("too_many", "The list has too many values", "Send at most as many values as detail names."),
        fault("too_large", "The file is too large", "Send a smaller file."),
        fault(
            "invalid_placeholder", "A placeholder is not written correctly",
            "Write placeholders as detail says."),
        fault(
            "not_reachable", "The contact cannot be reached on the channel",
            "Choose a channel on which you have written to the agency."),
        fault(
            "invalid_duration", "The value is not a duration",
            "Send an ISO 8601 duration such as PT15M, within the limits that detail names."),
        fault("invalid_color", "The value is not a colour", "Send a colour such as #1f6feb."),
        fault("invalid_host", "The value is not a host name", "Send a host name such as portal.example.com."),
        fault("unknown_node", "The node does not exist in the workflow", "Name one of the workflow's nodes."),
        fault(
            "unknown_state_field", "The workflow does not declare the field",
            "Declare the field in state, or name one that is declared."),
        fault("duplicate_node", "Two nodes have the same name", "Give each node a name of its own."),
        fault("duplicate_value", "The list has a value twice", "Name each value once."),
        fault(
            "invalid_expression", "The value is not an XPath expression",
            "Send an XPath 1.0 expression of at most 2,000 bytes."),
        fault(
            "key_required", "No pair of fields tells records apart",
            "Set key: true for the pair of fields whose value each record has for itself."),
        fault(
            "type_mismatch", "The value does not fit the declared type",
            "Send a value of the type that state declares."),
        fault("unknown_agent", "The agent does not exist", "Name an agent of GET /v1/agents."),
        fault("unknown_tool", "The tool does not exist", "Name a tool of GET /v1/tools."),
        fault(
            "recursive_workflow", "The workflow starts itself",
            "Take out the step that starts this workflow again, directly or through another one."),
        fault(
            "self_referral", "The referrer names themselves",
            "Name somebody with another address, of another company."),
        fault(
            "already_known", "The agency knows the person or company already",
            "Name somebody who is neither a lead nor a client."),
        fault(
            "over_cap", "The budget is more than the integration's settings allow",
            "Send a smaller one, or let a person raise ad_budget_cap of the integration."),
        fault("overpaid", "The payment is more than is due", "Send at most what is due."),
        fault(
            "overrefunded", "The refund is more than was paid", "Send at most what is left of the payment."),
        fault(
            "overcredited", "The credit is more than is left", "Credit at most what is left of the invoice."),
        fault(
            "invalid_statement", "The statement cannot be read",
            "Send a CSV with date, amount, reference and payer."),
        fault(
            "no_consent", "The contact has not agreed to this",
            "Record the contact's consent for the purpose first."),
        fault(
            "invalid_event_type", "The event type does not exist",
            "Name a type of GET /v1/meta/events, or a pattern such as lead.*."),
    ]

    private static func fault(_ code: String, _ title: String, _ remedy: String) -> ProblemType {
        ProblemType(code, 422, title, remedy: remedy)
    }
}
