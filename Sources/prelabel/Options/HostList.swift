import ArgumentParser
import Foundation

/// Hosts parted by commas, as a content security policy may name them.
struct HostList: ExpressibleByArgument {
    let hosts: [String]

    init?(argument: String) {
        hosts = argument.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        // A name or `*.name`, and perhaps a port: nothing that means something else in a policy.
        let isHost = { (text: String) in text.wholeMatch(of: #/(\*\.)?[A-Za-z0-9.\-]+(:[0-9]+)?/#) != nil }
        guard !hosts.isEmpty, hosts.allSatisfy(isHost) else { return nil }
    }
}
