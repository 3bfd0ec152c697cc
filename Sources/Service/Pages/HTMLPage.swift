import HTTPTypes
package import Hummingbird
import Liquid
import NIOCore

/// A page with the policy it is shown under.
package struct HTMLPage: Sendable {
    /// UTF-8.
    package let html: [UInt8]
    package let policy: String
    package var status: HTTPResponse.Status = .ok

    /// The style sheet of the pages around templates, for the head.
    static let style = #"<link rel="stylesheet" href="\#(PageRoutes.assetPath)task/task.css">"#

    package var response: Response {
        Response(
            status: status,
            headers: [
                .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: policy, .xContentTypeOptions: "nosniff",
                // Addresses of tasks and of objects are secrets for a time.
                .referrerPolicy: "no-referrer", .cacheControl: "no-store",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: html)))
    }

    /// A page of the service.
    ///
    /// - Parameters:
    ///   - title: Plain text.
    ///   - head: HTML behind the title.
    ///   - body: HTML.
    init(title: String, head: String, body: String, policy: String, status: HTTPResponse.Status = .ok) {
        self.init(
            html: Array(
                """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>\(HTMLText.escaped(title))</title>
                <link rel="icon" href="\(PageRoutes.assetPath)shared/icon.svg">
                \(head)
                </head>
                <body>
                \(body)
                </body>
                </html>

                """.utf8), policy: policy, status: status)
    }

    /// A page that says why there is nothing to show.
    static func fault(_ reason: String, policy: String) -> HTMLPage {
        HTMLPage(
            title: "Nothing to show", head: style,
            body: #"<main class="fault"><h1>There is nothing to show</h1><p>\#(HTMLText.escaped(reason))</p></main>"#,
            policy: policy, status: .unprocessableContent)
    }

    init(html: [UInt8], policy: String, status: HTTPResponse.Status = .ok) {
        (self.html, self.policy, self.status) = (html, policy, status)
    }
}

extension HTTPField.Name {
    static let referrerPolicy = named("Referrer-Policy")
}
