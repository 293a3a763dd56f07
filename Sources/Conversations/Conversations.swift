package import Database
package import Messaging
package import Records
package import Runtime

/// The agents that talk with people, and hand over to people.
package func conversationAgentRoutes(_ routes: inout Routes, _ outbox: Outbox) {}

package func conversationAgentJobs(_ registration: inout JobRegistration, _ outbox: Outbox) {}

package let conversationAgentSandboxTables: [SandboxTable] = []

package let conversationAgentMigrations: [Migration] = []
