package import Database
package import Messaging
package import Records
package import Runtime

/// What clients and strangers ask of the agency, and what it knows to answer.
package func supportRoutes(_ routes: inout Routes, _ outbox: Outbox) {}

package func supportJobs(_ registration: inout JobRegistration, _ outbox: Outbox) {}

package let supportSandboxTables: [SandboxTable] = []

package let supportMigrations: [Migration] = []
