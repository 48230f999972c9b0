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
    "host drain"|"host drain "*) candidates=(--reason --count --dry-run --yes --wait --detach --timeout --output --kind --deadline --grace --force --help) ;;
    "host return"|"host return "*) candidates=(--reason --count --dry-run --yes --wait --detach --timeout --output --help) ;;
    "host reboot"|"host reboot "*) candidates=(--reason --count --dry-run --yes --wait --detach --timeout --output --grace --help) ;;
    "host clear"|"host clear "*) candidates=(--reason --count --dry-run --yes --wait --detach --timeout --output --help) ;;
    "host cordon"|"host cordon "*) candidates=(--reason --expires --review --output --help) ;;
    "host uncordon"|"host uncordon "*) candidates=(--reason --help) ;;
    "host manage"|"host manage "*) candidates=(--reason --help) ;;
    "host watch-only"|"host watch-only "*) candidates=(--reason --help) ;;
    "cell list"|"cell list "*) candidates=(--output --help) ;;
    "region list"|"region list "*) candidates=(--output --help) ;;
    "region show"|"region show "*) candidates=(--output --help) ;;
    "site list"|"site list "*) candidates=(--output --help) ;;
    "site show"|"site show "*) candidates=(--output --help) ;;
    "rack list"|"rack list "*) candidates=(--output --help) ;;
    "rack show"|"rack show "*) candidates=(--value --output --help) ;;
    "plan list"|"plan list "*) candidates=(--limit --output --help) ;;
    "plan show"|"plan show "*) candidates=(--output --help) ;;
    "plan apply"|"plan apply "*) candidates=(--wait --timeout --output --help) ;;
    "plan watch"|"plan watch "*) candidates=(--timeout --output --help) ;;
    "plan pause"|"plan pause "*) candidates=(--reason --output --help) ;;
    "plan resume"|"plan resume "*) candidates=(--reason --output --help) ;;
    "plan cancel"|"plan cancel "*) candidates=(--reason --output --help) ;;
    "op list"|"op list "*) candidates=(--host --plan --open --limit --output --help) ;;
    "op show"|"op show "*) candidates=(--output --help) ;;
    "op watch"|"op watch "*) candidates=(--timeout --output --help) ;;
    "op pause"|"op pause "*) candidates=(--reason --output --help) ;;
    "op resume"|"op resume "*) candidates=(--reason --output --help) ;;
    "op cancel"|"op cancel "*) candidates=(--reason --output --help) ;;
    "op confirm-off"|"op confirm-off "*) candidates=(--serial --reason --output --help) ;;
    "hold add"|"hold add "*) candidates=(--reason --expires --review --output --kind --for --help) ;;
    "hold release"|"hold release "*) candidates=(--reason --help) ;;
    "hold list"|"hold list "*) candidates=(--output --help) ;;
    "alert list"|"alert list "*) candidates=(--output --help) ;;
    "alert acknowledge"|"alert acknowledge "*) candidates=(--reason --output --help) ;;
    "tenant add"|"tenant add "*) candidates=(--webhook --output --help) ;;
    "tenant list"|"tenant list "*) candidates=(--output --help) ;;
    "lease add"|"lease add "*) candidates=(--share --trust --notice --evacuation --workload --output --help) ;;
    "lease list"|"lease list "*) candidates=(--output --help) ;;
    "lease end"|"lease end "*) candidates=(--help) ;;
    "bmc probe"|"bmc probe "*) candidates=(--user --password-file --port --protocol --timeout --pace --record --replay --output --help) ;;
    "enroll token"|"enroll token "*) candidates=(--host --position --uses --site --adopt --valid --output --help) ;;
    "enroll adopt"|"enroll adopt "*) candidates=(--host --position --valid --output --help) ;;
    "enroll pending"|"enroll pending "*) candidates=(--output --help) ;;
    "enroll approve"|"enroll approve "*) candidates=(--name --rule --as-they-come --dry-run --position --adopt --output --help) ;;
    "enroll remove"|"enroll remove "*) candidates=(--reason --yes --help) ;;
    "inventory import"|"inventory import "*) candidates=(--format --role --site-code --row --dry-run --yes --output --help) ;;
    "inventory export"|"inventory export "*) candidates=(--format --what --help) ;;
    "audit list"|"audit list "*) candidates=(--subject --actor --limit --output --help) ;;
    "audit verify"|"audit verify "*) candidates=(--store --heads --output --help) ;;
    "config check"|"config check "*) candidates=(--config --output --help) ;;
    "store check"|"store check "*) candidates=(--output --help) ;;
    "store acknowledge"|"store acknowledge "*) candidates=(--reason --output --help) ;;
    "store backup"|"store backup "*) candidates=(--output --help) ;;
    "completion bash"|"completion bash "*) candidates=(--help) ;;
    "completion zsh"|"completion zsh "*) candidates=(--help) ;;
    "completion fish"|"completion fish "*) candidates=(--help) ;;
    "host"|"host "*) candidates=(list show explain telemetry accept-hardware drain return reboot clear cordon uncordon manage watch-only --help) ;;
    "cell"|"cell "*) candidates=(list --help) ;;
    "region"|"region "*) candidates=(list show --help) ;;
    "site"|"site "*) candidates=(list show --help) ;;
    "rack"|"rack "*) candidates=(list show --help) ;;
    "plan"|"plan "*) candidates=(list show apply watch pause resume cancel --help) ;;
    "op"|"op "*) candidates=(list show watch pause resume cancel confirm-off --help) ;;
    "hold"|"hold "*) candidates=(add release list --help) ;;
    "alert"|"alert "*) candidates=(list acknowledge --help) ;;
    "tenant"|"tenant "*) candidates=(add list --help) ;;
    "lease"|"lease "*) candidates=(add list end --help) ;;
    "bmc"|"bmc "*) candidates=(probe --help) ;;
    "enroll"|"enroll "*) candidates=(token adopt pending approve remove --help) ;;
    "inventory"|"inventory "*) candidates=(import export --help) ;;
    "signin-link"|"signin-link "*) candidates=(--name --output --help) ;;
    "audit"|"audit "*) candidates=(list verify --help) ;;
    "config"|"config "*) candidates=(check --help) ;;
    "store"|"store "*) candidates=(check acknowledge backup --help) ;;
    "completion"|"completion "*) candidates=(bash zsh fish --help) ;;
    *) candidates=(host cell region site rack plan op hold alert tenant lease bmc enroll inventory signin-link audit config store completion --help) ;;
  esac
  compadd -- $candidates
}
compdef _wws_fleet wws-fleet
