// The one table of what each network takes. Limits are those of the networks' own documentation;
// an installation may have others (`NetworkChange`).

private let megabyte = 1024 * 1024
private let (jpeg, png, gif, webp) = ("image/jpeg", "image/png", "image/gif", "image/webp")
private let (mp4, quickTime, webm) = ("video/mp4", "video/quicktime", "video/webm")

extension NetworkRules {
    static let instagram = NetworkRules(
        network: .instagram, counting: .utf16, textMax: 2200, formats: [.post, .carousel, .story, .reel],
        hashtagsMax: 30, mentionsMax: 20, imagesMax: 10, needsMedia: true,
        image: ImageRules(types: [jpeg], bytesMax: 8 * megabyte, ratio: 0.8...1.91, sideMax: 1440),
        video: VideoRules(
            types: [mp4, quickTime], bytesMax: 300 * megabyte, seconds: 3...900, codecs: ["h264", "hevc"],
            audioCodecs: ["aac"], frameRate: 23...60),
        takesFirstComment: true, mixesMedia: true, products: ProductRules(ofMedium: 5, ofPost: 20),
        adapting: AdaptingRules(length: 2200, hashtags: 10, hasLinks: false))

    static let linkedin = NetworkRules(
        network: .linkedin, counting: .utf16, textMax: 3000, formats: [.post, .video], imagesMax: 20,
        image: ImageRules(types: [jpeg, png, gif], bytesMax: 8 * megabyte, pixelsMax: 36_000_000),
        video: VideoRules(types: [mp4], bytesMax: 500 * megabyte, seconds: 3...1800), takesBack: true,
        // Each month's version lives for a year at least, and none is taken for granted.
        apiVersion: "202607", adapting: AdaptingRules(length: 3000, hashtags: 3))

    static let x = NetworkRules(
        network: .x, counting: .weighted, textMax: 280, formats: [.post, .thread], imagesMax: 4,
        image: ImageRules(types: [jpeg, png, gif, webp], bytesMax: 5 * megabyte, sideMax: 4096),
        video: VideoRules(
            types: [mp4, quickTime], bytesMax: 512 * megabyte, seconds: 0.5...140, codecs: ["h264"],
            audioCodecs: ["aac"], frameRate: 0...60), takesBack: true, price: 15_00,
        adapting: AdaptingRules(length: 280, hashtags: 2, partsMax: 10))

    static let tiktok = NetworkRules(
        network: .tiktok, counting: .utf16, textMax: 2200, formats: [.post, .video], imagesMax: 35,
        needsMedia: true, image: ImageRules(types: [jpeg, webp], bytesMax: 20 * megabyte, sideMax: 1920),
        video: VideoRules(
            types: [mp4, quickTime, webm], bytesMax: 4096 * megabyte,
            codecs: ["h264", "hevc", "vp8", "vp9"], frameRate: 23...60),
        requiredOptions: [
            RequiredOption(
                name: "privacy_level",
                values: [
                    "PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY",
                ])
        ], marksFilmsAlone: true, adapting: AdaptingRules(length: 2200, hashtags: 5, hasLinks: false))

    static let facebook = NetworkRules(
        network: .facebook, counting: .utf16, textMax: 63_206, formats: [.post, .carousel, .video, .reel],
        imagesMax: 10, image: ImageRules(types: [jpeg, png], bytesMax: 4 * megabyte, sideMax: 2048),
        video: VideoRules(types: [mp4, quickTime], bytesMax: 4096 * megabyte),
        reel: VideoRules(
            types: [mp4, quickTime], bytesMax: 4096 * megabyte, seconds: 3...90, ratio: 0.55...0.575),
        takesFirstComment: true, takesBack: true,
        // Each version lives for about two years.
        apiVersion: "v26.0", adapting: AdaptingRules(length: 2000, hashtags: 2))

    static let youtube = NetworkRules(
        network: .youtube, counting: .bytes, textMax: 5000, formats: [.video, .short], imagesMax: 0,
        needsMedia: true, image: ImageRules(types: [], bytesMax: 0),
        video: VideoRules(types: [mp4, quickTime, webm], bytesMax: 256 * 1024 * megabyte),
        short: VideoRules(
            types: [mp4, quickTime, webm], bytesMax: 256 * 1024 * megabyte, seconds: 0...180,
            ratio: 0.1...1), takesBack: true,
        changes: NetworkRules.ChangeRules(
            titleMax: 100, tagsMax: 500, thumbnailTypes: [jpeg, png], thumbnailBytesMax: 2 * megabyte,
            dayZone: "America/Los_Angeles", figuresAfter: .seconds(72 * 3600)),
        adapting: AdaptingRules(length: 5000, hashtags: 3, refusesAngles: true))
}
