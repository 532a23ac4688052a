/** The packaged program as processes of this machine, under real signals and cut networks. */
package dev.sluice.mesh.faults;
