import Glibc

/// How the network is reached. The proxy variables (`https_proxy`, `no_proxy`, …) are curl's own affair.
package struct TransportSettings: Sendable {
    /// Where distributions keep the certificates of the authorities they trust; curl itself knows that of its build machine only.
    private static let knownCertificateFiles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    ]

    /// PEM file with the authorities to trust; `nil` leaves it to curl.
    package var certificateFile: String?
    package var connectTimeout: Duration = .seconds(10)
    package var userAgent = "prelabel"

    /// - Parameter environment: `AWS_CA_BUNDLE` or `SSL_CERT_FILE` names the file with the authorities.
    package init(environment: [String: String]) {
        let named = ["AWS_CA_BUNDLE", "SSL_CERT_FILE"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        certificateFile = named ?? Self.knownCertificateFiles.first { access($0, R_OK) == 0 }
    }
}
