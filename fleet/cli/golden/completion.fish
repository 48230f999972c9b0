# fish completion of wws-fleet
complete -c wws-fleet -f
complete -c wws-fleet -n "not __fish_seen_subcommand_from host region site rack bmc enroll signin-link config store completion" -a host
complete -c wws-fleet -n "not __fish_seen_subcommand_from host region site rack bmc enroll signin-link config store completion" -a region
complete -c wws-fleet -n "not __fish_seen_subcommand_from host region site rack bmc enroll signin-link config store completion" -a site
complete -c wws-fleet -n "not __fish_seen_subcommand_from host region site rack bmc enroll signin-link config store completion" -a rack
complete -c wws-fleet -n "not __fish_seen_subcommand_from host region site rack bmc enroll signin-link config store completion" -a bmc
complete -c wws-fleet -n "not __fish_seen_subcommand_from host region site rack bmc enroll signin-link config store completion" -a enroll
complete -c wws-fleet -n "not __fish_seen_subcommand_from host region site rack bmc enroll signin-link config store completion" -a signin-link
complete -c wws-fleet -n "not __fish_seen_subcommand_from host region site rack bmc enroll signin-link config store completion" -a config
complete -c wws-fleet -n "not __fish_seen_subcommand_from host region site rack bmc enroll signin-link config store completion" -a store
complete -c wws-fleet -n "not __fish_seen_subcommand_from host region site rack bmc enroll signin-link config store completion" -a completion
complete -c wws-fleet -n "not __fish_seen_subcommand_from host region site rack bmc enroll signin-link config store completion" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware" -a list
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware" -a show
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware" -a explain
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware" -a telemetry
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware" -a accept-hardware
complete -c wws-fleet -n "__fish_seen_subcommand_from host; and not __fish_seen_subcommand_from list show explain telemetry accept-hardware" -l help
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
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and not __fish_seen_subcommand_from token adopt pending approve remove" -a token
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and not __fish_seen_subcommand_from token adopt pending approve remove" -a adopt
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and not __fish_seen_subcommand_from token adopt pending approve remove" -a pending
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and not __fish_seen_subcommand_from token adopt pending approve remove" -a approve
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and not __fish_seen_subcommand_from token adopt pending approve remove" -a remove
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and not __fish_seen_subcommand_from token adopt pending approve remove" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from token" -l host
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from token" -l position
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from token" -l uses
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
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from approve" -l position
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from approve" -l adopt
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from approve" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from remove" -l reason
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from remove" -l yes
complete -c wws-fleet -n "__fish_seen_subcommand_from enroll; and __fish_seen_subcommand_from remove" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from signin-link" -l name
complete -c wws-fleet -n "__fish_seen_subcommand_from signin-link" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from signin-link" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from check" -a check
complete -c wws-fleet -n "__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from check" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check" -l config
complete -c wws-fleet -n "__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and not __fish_seen_subcommand_from check backup" -a check
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and not __fish_seen_subcommand_from check backup" -a backup
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and not __fish_seen_subcommand_from check backup" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and __fish_seen_subcommand_from check" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and __fish_seen_subcommand_from check" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and __fish_seen_subcommand_from backup" -l output
complete -c wws-fleet -n "__fish_seen_subcommand_from store; and __fish_seen_subcommand_from backup" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from completion; and not __fish_seen_subcommand_from bash zsh fish" -a bash
complete -c wws-fleet -n "__fish_seen_subcommand_from completion; and not __fish_seen_subcommand_from bash zsh fish" -a zsh
complete -c wws-fleet -n "__fish_seen_subcommand_from completion; and not __fish_seen_subcommand_from bash zsh fish" -a fish
complete -c wws-fleet -n "__fish_seen_subcommand_from completion; and not __fish_seen_subcommand_from bash zsh fish" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from completion; and __fish_seen_subcommand_from bash" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from completion; and __fish_seen_subcommand_from zsh" -l help
complete -c wws-fleet -n "__fish_seen_subcommand_from completion; and __fish_seen_subcommand_from fish" -l help
