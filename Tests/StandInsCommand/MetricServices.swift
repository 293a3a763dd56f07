import Foundation
import JSON
import StandIns

/// Analytics and advertising services, each with the last 40 days of something.
struct MetricServices {
    let googleAnalytics: GoogleAnalyticsStandIn, adobeAnalytics: AdobeAnalyticsStandIn
    let googleAds: GoogleAdsStandIn, metaAds: MetaAdsStandIn

    init() throws {
        (googleAnalytics, adobeAnalytics) = (try GoogleAnalyticsStandIn(), try AdobeAnalyticsStandIn())
        (googleAds, metaAds) = (try GoogleAdsStandIn(), try MetaAdsStandIn())
        for back in 1...40 {
            let date = Date.now.addingTimeInterval(-86_400 * Double(back))
            let day = date.formatted(.iso8601.year().month().day().dateSeparator(.omitted))
            let visits = Double(200 + (back * 37) % 90)
            googleAnalytics.days[day] = ["sessions": visits, "activeUsers": visits - 40, "keyEvents": 4]
            adobeAnalytics.days[day] = [
                "visits": visits, "visitors": visits - 40, "orders": 3, "revenue": 120.5,
            ]
            googleAds.days[day] = ["impressions": 1000, "clicks": 50, "cost": 12_340_000, "conversions": 3]
            metaAds.days[day] = ["clicks": 40, "cost": 9.5, "leads": 2]
        }
    }

    var all: [Service] {
        func service(
            _ provider: String, _ capability: String, _ web: ServiceStandIn, _ settings: JSONObject,
            _ credentials: JSON
        ) -> Service {
            var settings = settings
            settings["base_url"] = .string(web.url)
            return Service(
                provider: provider, capability: capability, settings: settings,
                credentials: credentials.object ?? [:], standIn: web)
        }
        return [
            service(
                "google_analytics", "analytics", googleAnalytics.service, googleAnalytics.settings,
                googleAnalytics.credentials),
            service(
                "adobe_analytics", "analytics", adobeAnalytics.service, adobeAnalytics.settings,
                adobeAnalytics.credentials),
            service(
                "google_ads", "advertising", googleAds.service, googleAds.settings, googleAds.credentials),
            service("meta_ads", "advertising", metaAds.service, metaAds.settings, metaAds.credentials),
        ]
    }
}
