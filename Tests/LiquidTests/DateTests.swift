import Liquid
import Testing

/// Expected texts are those of Ruby's Liquid 5.4 with TZ=UTC; relative dates count from 2023-11-14 22:13:20.
@Suite struct DateTests {
    @Test(arguments: [
        ("March 14, 2016", "2016-03-14 00:00:00 +0000 UTC"), ("14 Mar 2016", "2016-03-14 00:00:00 +0000 UTC"),
        ("2016-03-14T10:11:12Z", "2016-03-14 10:11:12 +0000 UTC"), ("2016-03-14 10:11:12 +0530", "2016-03-14 10:11:12 +0530 "),
        ("Mon, 14 Mar 2016 10:00:00 GMT", "2016-03-14 10:00:00 +0000 UTC"), ("14/3/2016", "2016-03-14 00:00:00 +0000 UTC"),
        ("20160314T101112", "2016-03-14 10:11:12 +0000 UTC"), ("Jan 1st, 2021 3pm", "2021-01-01 15:00:00 +0000 UTC"),
        ("2016-03-14 10:11 EST", "2016-03-14 10:11:00 -0500 "), ("2016-02-30", "2016-03-01 00:00:00 +0000 UTC"),
        ("99-01-02", "1999-01-02 00:00:00 +0000 UTC"), ("2016-074", "2016-03-14 00:00:00 +0000 UTC"),
        ("0", "1970-01-01 00:00:00 +0000 UTC"),
        ("10:30", "2023-11-14 10:30:00 +0000 UTC"), ("March", "2023-03-01 00:00:00 +0000 UTC"),
        ("today", "2023-11-14 22:13:20 +0000 UTC"),
        // What is no date stays.
        ("hello", "hello"), ("2016-13-45", "2016-13-45"), ("25:00", "25:00"), ("2016", "1970-01-01 00:33:36 +0000 UTC"),
    ])
    func datesAreReadAsInRuby(text: String, expected: String) throws {
        #expect(try rendered("{{ '\(text)' | date: '%Y-%m-%d %H:%M:%S %z %Z' }}") == expected)
    }

    @Test(arguments: [
        ("%a %A %b %B %d %e %j", "Thu Thursday Feb February 29 29 060"),
        ("%C %y %G %g %V %U %W %u %w", "20 24 2024 24 09 08 09 4 4"),
        ("%I:%M %p %P %l %k", "01:05 PM pm  1 13"), ("%s %L %N %3N %z %:z", "1709211909 000 000000000 000 +0000 +00:00"),
        ("%c|%D|%F|%v|%r|%R|%T", "Thu Feb 29 13:05:09 2024|02/29/24|2024-02-29|29-FEB-2024|01:05:09 PM|13:05|13:05:09"),
        ("%-d/%-m %_m %05d %^a %#p %10A %%", "29/2  2 00029 THU pm   Thursday %"), ("%Q %E", "%Q %E"),
    ])
    func directivesPrintAsInRuby(format: String, expected: String) throws {
        #expect(try rendered("{{ '2024-02-29T13:05:09Z' | date: '\(format)' }}") == expected)
    }

    @Test func weeksAndDaysAgreeOverFourCenturies() throws {
        // 2000-01-01 was a Saturday, and 400 years have 146,097 days.
        for days in stride(from: -146_097, through: 146_097, by: 3_653) {
            let seconds = 946_684_800 + days * 86_400
            let text = try rendered("{{ \(seconds) | date: '%w %s' }}")
            #expect(text == "\(((days + 6) % 7 + 7) % 7) \(seconds)")
        }
        #expect(try rendered("{{ -62135596800 | date: '%F %j %a' }}") == "0001-01-01 001 Mon")
    }
}
