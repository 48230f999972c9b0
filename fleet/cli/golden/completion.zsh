#compdef wws-fleet
_wws_fleet() {
  local path word
  path=""
  for word in "${(@)words[2,CURRENT-1]}"; do
    case $word in -*) ;; *) path="$path $word" ;; esac
  done
  local -a candidates
  case ${path# } in
    "host list"|"host list "*) candidates=(--sort --search --limit --output --help) ;;
    "host show"|"host show "*) candidates=(--output --help) ;;
    "host explain"|"host explain "*) candidates=(--output --help) ;;
    "host telemetry"|"host telemetry "*) candidates=(--metric --from --to --step --by --stat --follow --output --help) ;;
    "host accept-hardware"|"host accept-hardware "*) candidates=(--output --help) ;;
    "region list"|"region list "*) candidates=(--output --help) ;;
    "region show"|"region show "*) candidates=(--output --help) ;;
    "site list"|"site list "*) candidates=(--output --help) ;;
    "site show"|"site show "*) candidates=(--output --help) ;;
    "rack list"|"rack list "*) candidates=(--output --help) ;;
    "rack show"|"rack show "*) candidates=(--value --output --help) ;;
    "bmc probe"|"bmc probe "*) candidates=(--user --password-file --port --protocol --timeout --pace --record --replay --output --help) ;;
    "enroll token"|"enroll token "*) candidates=(--host --position --uses --valid --output --help) ;;
    "enroll adopt"|"enroll adopt "*) candidates=(--host --position --valid --output --help) ;;
    "enroll pending"|"enroll pending "*) candidates=(--output --help) ;;
    "enroll approve"|"enroll approve "*) candidates=(--name --position --adopt --help) ;;
    "enroll remove"|"enroll remove "*) candidates=(--reason --yes --help) ;;
    "config check"|"config check "*) candidates=(--config --output --help) ;;
    "store check"|"store check "*) candidates=(--output --help) ;;
    "store backup"|"store backup "*) candidates=(--output --help) ;;
    "completion bash"|"completion bash "*) candidates=(--help) ;;
    "completion zsh"|"completion zsh "*) candidates=(--help) ;;
    "completion fish"|"completion fish "*) candidates=(--help) ;;
    "host"|"host "*) candidates=(list show explain telemetry accept-hardware --help) ;;
    "region"|"region "*) candidates=(list show --help) ;;
    "site"|"site "*) candidates=(list show --help) ;;
    "rack"|"rack "*) candidates=(list show --help) ;;
    "bmc"|"bmc "*) candidates=(probe --help) ;;
    "enroll"|"enroll "*) candidates=(token adopt pending approve remove --help) ;;
    "signin-link"|"signin-link "*) candidates=(--name --output --help) ;;
    "config"|"config "*) candidates=(check --help) ;;
    "store"|"store "*) candidates=(check backup --help) ;;
    "completion"|"completion "*) candidates=(bash zsh fish --help) ;;
    *) candidates=(host region site rack bmc enroll signin-link config store completion --help) ;;
  esac
  compadd -- $candidates
}
compdef _wws_fleet wws-fleet
