internal import HTTPClient
internal import Platform
internal import Providers

/// The outside services that agencies can connect.
func integrationProviders(_ outbound: HTTPClient, _ mail: SMTPClient) -> IntegrationProviders {
    IntegrationProviders([SMTPConnector(mail), GenericHooks()])
}
