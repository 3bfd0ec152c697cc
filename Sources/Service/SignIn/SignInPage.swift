import HTTPTypes
import Liquid

/// Pages that say why somebody is not signed in, and what to do. They need no script.
enum SignInPage {
    /// The link that begins a sign-in.
    ///
    /// - Parameter address: Where it begins; by default in the ordinary way.
    static func button(_ settings: OIDCSettings, _ words: String? = nil, address: String? = nil) -> String {
        let words = words ?? "Sign in with \(settings.host)"
        return
            #"<a class="button primary" href="\#(HTMLText.escaped(address ?? settings.startURL))">\#(HTMLText.escaped(words))</a>"#
    }

    /// Somebody whom the provider knows and no team has.
    static func stranger(_ settings: OIDCSettings, mail: String) -> HTMLPage {
        page(
            "You are in no team here",
            [
                "\(settings.host) says that you are \(mail.prefix(254)). No team here has this address.",
                "Ask whoever sent you here, the owner of the labeling jobs, to take this address into a team. Then sign in again.",
            ], button(settings, "Sign in as somebody else", address: OIDCRoutes.otherPath), .forbidden)
    }

    /// Somebody whose address could be somebody else's.
    static func unverified(_ settings: OIDCSettings, mail: String?) -> HTMLPage {
        page(
            "Your mail address is not verified",
            [
                mail.map { "\(settings.host) does not say that the address \($0.prefix(254)) is yours." }
                    ?? "\(settings.host) does not tell your mail address, by which you would be known here.",
                "Have the address verified there, or ask the owner of the labeling jobs for a link.",
            ], button(settings, "Sign in as somebody else", address: OIDCRoutes.otherPath), .forbidden)
    }

    /// Somebody who did not want to, or was not let in there.
    static func declined(_ settings: OIDCSettings, reason: String) -> HTMLPage {
        page("You are not signed in", ["\(settings.host) did not sign you in: \(reason)."], button(settings), .unauthorized)
    }

    static func refused(_ settings: OIDCSettings) -> HTMLPage {
        page(
            "This sign-in does not count",
            [
                "It did not begin in this browser, it took more than ten minutes, or \(settings.host) does not stand by it.",
                "Sign in again, and let the browser keep cookies of this address.",
            ], button(settings), .unauthorized)
    }

    static func unavailable(_ settings: OIDCSettings) -> HTMLPage {
        page(
            "Signing in does not work now",
            ["\(settings.host) cannot be asked, or answers what cannot be used. The service's log has the reason."],
            button(settings, "Try again"), .badGateway)
    }

    static func tooMany(seconds: Int) -> HTMLPage {
        page("Too many attempts", [TooManyAttempts.sentence(seconds)], "", .tooManyRequests)
    }

    private static func page(
        _ title: String, _ sentences: [String], _ button: String, _ status: HTTPResponse.Status
    ) -> HTMLPage {
        let paragraphs = sentences.map { "<p>\(HTMLText.escaped($0))</p>" }.joined(separator: "\n")
        return HTMLPage(
            title: "\(title) · Prelabel",
            head: #"<link rel="stylesheet" href="\#(PageRoutes.assetPath)portal/portal.css">"#,
            body: """
                <main class="content narrow"><section class="panel">
                <h1>\(title)</h1>
                \(paragraphs)
                <p class="row">\(button) <a href="\(WorkerPages.home)">Sign in by link</a></p>
                </section></main>
                """, policy: ContentPolicy.page, status: status)
    }
}
