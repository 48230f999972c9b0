# fish completion of wws-fleet
complete -c wws-fleet -f
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a host
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a cell
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a region
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a site
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a rack
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a plan
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a op
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a hold
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a alert
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a report
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a tenant
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a lease
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a bmc
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a image
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a enroll
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a inventory
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a signin-link
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a freeze
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a unfreeze
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a user
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a role
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a token
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a audit
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a config
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a store
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -a completion
complete -c wws-fleet -n "not __fish_seen_subcommand_from host cell region site rack plan op hold alert report tenant lease bmc image enroll inventory signin-link freeze unfreeze user role token audit config store completion" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -a show
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -a explain
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -a telemetry
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -a accept-hardware
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -a drain
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -a return
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -a reboot
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -a clear
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -a power
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -a locate
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -a cordon
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -a uncordon
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -a manage
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -a watch-only
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware drain return reboot clear power locate cordon uncordon manage watch-only" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from list" -l sort
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from list" -l search
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from list" -l limit
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from list" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from show" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from show" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from explain" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from explain" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from telemetry" -l metric
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from telemetry" -l from
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from telemetry" -l to
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from telemetry" -l step
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from telemetry" -l by
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from telemetry" -l stat
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from telemetry" -l follow
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from telemetry" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from telemetry" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from accept-hardware" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from accept-hardware" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from drain" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from drain" -l count
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from drain" -l dry-run
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from drain" -l yes
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from drain" -l wait
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from drain" -l detach
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from drain" -l timeout
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from drain" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from drain" -l kind
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from drain" -l deadline
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from drain" -l grace
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from drain" -l force
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from drain" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from return" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from return" -l count
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from return" -l dry-run
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from return" -l yes
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from return" -l wait
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from return" -l detach
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from return" -l timeout
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from return" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from return" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from reboot" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from reboot" -l count
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from reboot" -l dry-run
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from reboot" -l yes
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from reboot" -l wait
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from reboot" -l detach
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from reboot" -l timeout
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from reboot" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from reboot" -l grace
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from reboot" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from clear" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from clear" -l count
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from clear" -l dry-run
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from clear" -l yes
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from clear" -l wait
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from clear" -l detach
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from clear" -l timeout
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from clear" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from clear" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and not __fish_seen_subcommand_from on off cycle soft status" -a on
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and not __fish_seen_subcommand_from on off cycle soft status" -a off
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and not __fish_seen_subcommand_from on off cycle soft status" -a cycle
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and not __fish_seen_subcommand_from on off cycle soft status" -a soft
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and not __fish_seen_subcommand_from on off cycle soft status" -a status
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and not __fish_seen_subcommand_from on off cycle soft status" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from on" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from on" -l count
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from on" -l dry-run
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from on" -l yes
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from on" -l wait
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from on" -l detach
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from on" -l timeout
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from on" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from on" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from off" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from off" -l count
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from off" -l dry-run
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from off" -l yes
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from off" -l wait
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from off" -l detach
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from off" -l timeout
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from off" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from off" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from cycle" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from cycle" -l count
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from cycle" -l dry-run
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from cycle" -l yes
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from cycle" -l wait
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from cycle" -l detach
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from cycle" -l timeout
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from cycle" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from cycle" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from soft" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from soft" -l count
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from soft" -l dry-run
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from soft" -l yes
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from soft" -l wait
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from soft" -l detach
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from soft" -l timeout
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from soft" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from soft" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from status" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from power; and __fish_seen_subcommand_from status" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from locate" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from locate" -l count
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from locate" -l dry-run
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from locate" -l yes
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from locate" -l wait
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from locate" -l detach
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from locate" -l timeout
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from locate" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from locate" -l off
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from locate" -l for
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from locate" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from cordon" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from cordon" -l expires
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from cordon" -l review
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from cordon" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from cordon" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from uncordon" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from uncordon" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from manage" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from manage" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from watch-only" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and __fish_seen_subcommand_from watch-only" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from cell; and not __fish_seen_subcommand_from list" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from cell; and not __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from cell; and __fish_seen_subcommand_from list" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from cell; and __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from region; and not __fish_seen_subcommand_from list show" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from region; and not __fish_seen_subcommand_from list show" -a show
complete -c wws-fleet -n "__fish_seen_subcommand_from region; and not __fish_seen_subcommand_from list show" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from region; and __fish_seen_subcommand_from list" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from region; and __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from region; and __fish_seen_subcommand_from show" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from region; and __fish_seen_subcommand_from show" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from site; and not __fish_seen_subcommand_from list show" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from site; and not __fish_seen_subcommand_from list show" -a show
complete -c wws-fleet -n "__fish_seen_subcommand_from site; and not __fish_seen_subcommand_from list show" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from site; and __fish_seen_subcommand_from list" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from site; and __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from site; and __fish_seen_subcommand_from show" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from site; and __fish_seen_subcommand_from show" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from rack; and not __fish_seen_subcommand_from list show" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from rack; and not __fish_seen_subcommand_from list show" -a show
complete -c wws-fleet -n "__fish_seen_subcommand_from rack; and not __fish_seen_subcommand_from list show" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from rack; and __fish_seen_subcommand_from list" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from rack; and __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from rack; and __fish_seen_subcommand_from show" -l value
complete -c wws-fleet -n "__fish_seen_subcommand_from rack; and __fish_seen_subcommand_from show" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from rack; and __fish_seen_subcommand_from show" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and not __fish_seen_subcommand_from list show apply watch pause resume cancel" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and not __fish_seen_subcommand_from list show apply watch pause resume cancel" -a show
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and not __fish_seen_subcommand_from list show apply watch pause resume cancel" -a apply
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and not __fish_seen_subcommand_from list show apply watch pause resume cancel" -a watch
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and not __fish_seen_subcommand_from list show apply watch pause resume cancel" -a pause
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and not __fish_seen_subcommand_from list show apply watch pause resume cancel" -a resume
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and not __fish_seen_subcommand_from list show apply watch pause resume cancel" -a cancel
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and not __fish_seen_subcommand_from list show apply watch pause resume cancel" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from list" -l limit
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from list" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from show" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from show" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from apply" -l wait
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from apply" -l timeout
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from apply" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from apply" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from watch" -l timeout
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from watch" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from watch" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from pause" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from pause" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from pause" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from resume" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from resume" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from resume" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from cancel" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from cancel" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from plan; and __fish_seen_subcommand_from cancel" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and not __fish_seen_subcommand_from list show watch pause resume cancel confirm-off" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and not __fish_seen_subcommand_from list show watch pause resume cancel confirm-off" -a show
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and not __fish_seen_subcommand_from list show watch pause resume cancel confirm-off" -a watch
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and not __fish_seen_subcommand_from list show watch pause resume cancel confirm-off" -a pause
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and not __fish_seen_subcommand_from list show watch pause resume cancel confirm-off" -a resume
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and not __fish_seen_subcommand_from list show watch pause resume cancel confirm-off" -a cancel
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and not __fish_seen_subcommand_from list show watch pause resume cancel confirm-off" -a confirm-off
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and not __fish_seen_subcommand_from list show watch pause resume cancel confirm-off" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from list" -l host
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from list" -l plan
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from list" -l open
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from list" -l limit
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from list" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from show" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from show" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from watch" -l timeout
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from watch" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from watch" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from pause" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from pause" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from pause" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from resume" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from resume" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from resume" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from cancel" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from cancel" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from cancel" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from confirm-off" -l serial
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from confirm-off" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from confirm-off" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from op; and __fish_seen_subcommand_from confirm-off" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from hold; and not __fish_seen_subcommand_from add release list" -a add
complete -c wws-fleet -n "__fish_seen_subcommand_from hold; and not __fish_seen_subcommand_from add release list" -a release
complete -c wws-fleet -n "__fish_seen_subcommand_from hold; and not __fish_seen_subcommand_from add release list" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from hold; and not __fish_seen_subcommand_from add release list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from hold; and __fish_seen_subcommand_from add" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from hold; and __fish_seen_subcommand_from add" -l expires
complete -c wws-fleet -n "__fish_seen_subcommand_from hold; and __fish_seen_subcommand_from add" -l review
complete -c wws-fleet -n "__fish_seen_subcommand_from hold; and __fish_seen_subcommand_from add" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from hold; and __fish_seen_subcommand_from add" -l kind
complete -c wws-fleet -n "__fish_seen_subcommand_from hold; and __fish_seen_subcommand_from add" -l for
complete -c wws-fleet -n "__fish_seen_subcommand_from hold; and __fish_seen_subcommand_from add" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from hold; and __fish_seen_subcommand_from release" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from hold; and __fish_seen_subcommand_from release" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from hold; and __fish_seen_subcommand_from list" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from hold; and __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and not __fish_seen_subcommand_from list show acknowledge silence silences unsilence channels test" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and not __fish_seen_subcommand_from list show acknowledge silence silences unsilence channels test" -a show
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and not __fish_seen_subcommand_from list show acknowledge silence silences unsilence channels test" -a acknowledge
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and not __fish_seen_subcommand_from list show acknowledge silence silences unsilence channels test" -a silence
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and not __fish_seen_subcommand_from list show acknowledge silence silences unsilence channels test" -a silences
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and not __fish_seen_subcommand_from list show acknowledge silence silences unsilence channels test" -a unsilence
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and not __fish_seen_subcommand_from list show acknowledge silence silences unsilence channels test" -a channels
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and not __fish_seen_subcommand_from list show acknowledge silence silences unsilence channels test" -a test
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and not __fish_seen_subcommand_from list show acknowledge silence silences unsilence channels test" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from list" -l state
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from list" -l severity
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from list" -l limit
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from list" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from show" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from show" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from acknowledge" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from acknowledge" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from acknowledge" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from silence" -l until
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from silence" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from silence" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from silence" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from silences" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from silences" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from unsilence" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from unsilence" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from channels" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from channels" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from test" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from alert; and __fish_seen_subcommand_from test" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and not __fish_seen_subcommand_from capacity power failures schedules" -a capacity
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and not __fish_seen_subcommand_from capacity power failures schedules" -a power
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and not __fish_seen_subcommand_from capacity power failures schedules" -a failures
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and not __fish_seen_subcommand_from capacity power failures schedules" -a schedules
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and not __fish_seen_subcommand_from capacity power failures schedules" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from capacity" -l group
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from capacity" -l at
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from capacity" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from capacity" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from power" -l group
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from power" -l at
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from power" -l window
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from power" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from power" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from failures" -l group
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from failures" -l at
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from failures" -l window
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from failures" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from failures" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from schedules" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from report; and __fish_seen_subcommand_from schedules" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from tenant; and not __fish_seen_subcommand_from add list" -a add
complete -c wws-fleet -n "__fish_seen_subcommand_from tenant; and not __fish_seen_subcommand_from add list" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from tenant; and not __fish_seen_subcommand_from add list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from tenant; and __fish_seen_subcommand_from add" -l webhook
complete -c wws-fleet -n "__fish_seen_subcommand_from tenant; and __fish_seen_subcommand_from add" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from tenant; and __fish_seen_subcommand_from add" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from tenant; and __fish_seen_subcommand_from list" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from tenant; and __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from lease; and not __fish_seen_subcommand_from add list end" -a add
complete -c wws-fleet -n "__fish_seen_subcommand_from lease; and not __fish_seen_subcommand_from add list end" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from lease; and not __fish_seen_subcommand_from add list end" -a end
complete -c wws-fleet -n "__fish_seen_subcommand_from lease; and not __fish_seen_subcommand_from add list end" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from lease; and __fish_seen_subcommand_from add" -l share
complete -c wws-fleet -n "__fish_seen_subcommand_from lease; and __fish_seen_subcommand_from add" -l trust
complete -c wws-fleet -n "__fish_seen_subcommand_from lease; and __fish_seen_subcommand_from add" -l notice
complete -c wws-fleet -n "__fish_seen_subcommand_from lease; and __fish_seen_subcommand_from add" -l evacuation
complete -c wws-fleet -n "__fish_seen_subcommand_from lease; and __fish_seen_subcommand_from add" -l workload
complete -c wws-fleet -n "__fish_seen_subcommand_from lease; and __fish_seen_subcommand_from add" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from lease; and __fish_seen_subcommand_from add" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from lease; and __fish_seen_subcommand_from list" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from lease; and __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from lease; and __fish_seen_subcommand_from end" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from bmc; and not __fish_seen_subcommand_from probe" -a probe
complete -c wws-fleet -n "__fish_seen_subcommand_from bmc; and not __fish_seen_subcommand_from probe" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from bmc; and __fish_seen_subcommand_from probe" -l user
complete -c wws-fleet -n "__fish_seen_subcommand_from bmc; and __fish_seen_subcommand_from probe" -l password-file
complete -c wws-fleet -n "__fish_seen_subcommand_from bmc; and __fish_seen_subcommand_from probe" -l port
complete -c wws-fleet -n "__fish_seen_subcommand_from bmc; and __fish_seen_subcommand_from probe" -l protocol
complete -c wws-fleet -n "__fish_seen_subcommand_from bmc; and __fish_seen_subcommand_from probe" -l timeout
complete -c wws-fleet -n "__fish_seen_subcommand_from bmc; and __fish_seen_subcommand_from probe" -l pace
complete -c wws-fleet -n "__fish_seen_subcommand_from bmc; and __fish_seen_subcommand_from probe" -l record
complete -c wws-fleet -n "__fish_seen_subcommand_from bmc; and __fish_seen_subcommand_from probe" -l replay
complete -c wws-fleet -n "__fish_seen_subcommand_from bmc; and __fish_seen_subcommand_from probe" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from bmc; and __fish_seen_subcommand_from probe" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from image; and not __fish_seen_subcommand_from build" -a build
complete -c wws-fleet -n "__fish_seen_subcommand_from image; and not __fish_seen_subcommand_from build" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from image; and __fish_seen_subcommand_from build" -l name
complete -c wws-fleet -n "__fish_seen_subcommand_from image; and __fish_seen_subcommand_from build" -l agent
complete -c wws-fleet -n "__fish_seen_subcommand_from image; and __fish_seen_subcommand_from build" -l cache
complete -c wws-fleet -n "__fish_seen_subcommand_from image; and __fish_seen_subcommand_from build" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from image; and __fish_seen_subcommand_from build" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and not __fish_seen_subcommand_from token adopt pending approve remove" -a token
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and not __fish_seen_subcommand_from token adopt pending approve remove" -a adopt
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and not __fish_seen_subcommand_from token adopt pending approve remove" -a pending
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and not __fish_seen_subcommand_from token adopt pending approve remove" -a approve
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and not __fish_seen_subcommand_from token adopt pending approve remove" -a remove
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and not __fish_seen_subcommand_from token adopt pending approve remove" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from token" -l host
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from token" -l position
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from token" -l uses
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from token" -l site
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from token" -l adopt
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from token" -l valid
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from token" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from token" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from adopt" -l host
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from adopt" -l position
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from adopt" -l valid
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from adopt" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from adopt" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from pending" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from pending" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from approve" -l name
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from approve" -l rule
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from approve" -l as-they-come
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from approve" -l dry-run
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from approve" -l position
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from approve" -l adopt
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from approve" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from approve" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from remove" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from remove" -l yes
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from remove" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from inventory; and not __fish_seen_subcommand_from import export" -a import
complete -c wws-fleet -n "__fish_seen_subcommand_from inventory; and not __fish_seen_subcommand_from import export" -a export
complete -c wws-fleet -n "__fish_seen_subcommand_from inventory; and not __fish_seen_subcommand_from import export" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from inventory; and __fish_seen_subcommand_from import" -l format
complete -c wws-fleet -n "__fish_seen_subcommand_from inventory; and __fish_seen_subcommand_from import" -l role
complete -c wws-fleet -n "__fish_seen_subcommand_from inventory; and __fish_seen_subcommand_from import" -l site-code
complete -c wws-fleet -n "__fish_seen_subcommand_from inventory; and __fish_seen_subcommand_from import" -l row
complete -c wws-fleet -n "__fish_seen_subcommand_from inventory; and __fish_seen_subcommand_from import" -l dry-run
complete -c wws-fleet -n "__fish_seen_subcommand_from inventory; and __fish_seen_subcommand_from import" -l yes
complete -c wws-fleet -n "__fish_seen_subcommand_from inventory; and __fish_seen_subcommand_from import" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from inventory; and __fish_seen_subcommand_from import" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from inventory; and __fish_seen_subcommand_from export" -l format
complete -c wws-fleet -n "__fish_seen_subcommand_from inventory; and __fish_seen_subcommand_from export" -l what
complete -c wws-fleet -n "__fish_seen_subcommand_from inventory; and __fish_seen_subcommand_from export" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from signin-link" -l name
complete -c wws-fleet -n "__fish_seen_subcommand_from signin-link" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from signin-link" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from freeze" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from freeze" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from freeze" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from unfreeze" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from unfreeze" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from unfreeze" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and not __fish_seen_subcommand_from list show add disable enable grant revoke password" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and not __fish_seen_subcommand_from list show add disable enable grant revoke password" -a show
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and not __fish_seen_subcommand_from list show add disable enable grant revoke password" -a add
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and not __fish_seen_subcommand_from list show add disable enable grant revoke password" -a disable
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and not __fish_seen_subcommand_from list show add disable enable grant revoke password" -a enable
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and not __fish_seen_subcommand_from list show add disable enable grant revoke password" -a grant
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and not __fish_seen_subcommand_from list show add disable enable grant revoke password" -a revoke
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and not __fish_seen_subcommand_from list show add disable enable grant revoke password" -a password
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and not __fish_seen_subcommand_from list show add disable enable grant revoke password" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from list" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from show" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from show" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from add" -l name
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from add" -l service
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from add" -l role
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from add" -l for
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from add" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from add" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from add" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from disable" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from disable" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from disable" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from enable" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from enable" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from enable" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from grant" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from grant" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from grant" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from revoke" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from revoke" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from revoke" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from password" -l password-file
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from password" -l none
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from password" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from password" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from user; and __fish_seen_subcommand_from password" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from role; and not __fish_seen_subcommand_from list show" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from role; and not __fish_seen_subcommand_from list show" -a show
complete -c wws-fleet -n "__fish_seen_subcommand_from role; and not __fish_seen_subcommand_from list show" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from role; and __fish_seen_subcommand_from list" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from role; and __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from role; and __fish_seen_subcommand_from show" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from role; and __fish_seen_subcommand_from show" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from token; and not __fish_seen_subcommand_from list add revoke" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from token; and not __fish_seen_subcommand_from list add revoke" -a add
complete -c wws-fleet -n "__fish_seen_subcommand_from token; and not __fish_seen_subcommand_from list add revoke" -a revoke
complete -c wws-fleet -n "__fish_seen_subcommand_from token; and not __fish_seen_subcommand_from list add revoke" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from token; and __fish_seen_subcommand_from list" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from token; and __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from token; and __fish_seen_subcommand_from add" -l owner
complete -c wws-fleet -n "__fish_seen_subcommand_from token; and __fish_seen_subcommand_from add" -l role
complete -c wws-fleet -n "__fish_seen_subcommand_from token; and __fish_seen_subcommand_from add" -l for
complete -c wws-fleet -n "__fish_seen_subcommand_from token; and __fish_seen_subcommand_from add" -l valid
complete -c wws-fleet -n "__fish_seen_subcommand_from token; and __fish_seen_subcommand_from add" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from token; and __fish_seen_subcommand_from add" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from token; and __fish_seen_subcommand_from revoke" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from audit; and not __fish_seen_subcommand_from list verify" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from audit; and not __fish_seen_subcommand_from list verify" -a verify
complete -c wws-fleet -n "__fish_seen_subcommand_from audit; and not __fish_seen_subcommand_from list verify" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from list" -l subject
complete -c wws-fleet -n "__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from list" -l actor
complete -c wws-fleet -n "__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from list" -l limit
complete -c wws-fleet -n "__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from list" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from list" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from verify" -l store
complete -c wws-fleet -n "__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from verify" -l heads
complete -c wws-fleet -n "__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from verify" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from verify" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from check" -a check
complete -c wws-fleet -n "__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from check" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check" -l config
complete -c wws-fleet -n "__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and not __fish_seen_subcommand_from check acknowledge backup" -a check
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and not __fish_seen_subcommand_from check acknowledge backup" -a acknowledge
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and not __fish_seen_subcommand_from check acknowledge backup" -a backup
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and not __fish_seen_subcommand_from check acknowledge backup" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and __fish_seen_subcommand_from check" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and __fish_seen_subcommand_from check" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and __fish_seen_subcommand_from acknowledge" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and __fish_seen_subcommand_from acknowledge" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and __fish_seen_subcommand_from acknowledge" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and __fish_seen_subcommand_from backup" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and __fish_seen_subcommand_from backup" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from completion; and not __fish_seen_subcommand_from bash zsh fish" -a bash
complete -c wws-fleet -n "__fish_seen_subcommand_from completion; and not __fish_seen_subcommand_from bash zsh fish" -a zsh
complete -c wws-fleet -n "__fish_seen_subcommand_from completion; and not __fish_seen_subcommand_from bash zsh fish" -a fish
complete -c wws-fleet -n "__fish_seen_subcommand_from completion; and not __fish_seen_subcommand_from bash zsh fish" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from completion; and __fish_seen_subcommand_from bash" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from completion; and __fish_seen_subcommand_from zsh" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from completion; and __fish_seen_subcommand_from fish" -l help
