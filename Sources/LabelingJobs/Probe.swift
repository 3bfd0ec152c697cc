import GRDB
package struct Probe {}
