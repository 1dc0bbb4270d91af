"""The hostile import set, where it is there: nothing lost, nothing planted, every outcome with its reason."""

import pytest
from django.core.management import call_command

from bench.drills import hostile


@pytest.mark.django_db
def test_every_hostile_input_ends_as_it_should(tmp_path, capsys):
    made = hostile.the_set()
    if made is None:
        pytest.skip("no hostile import set beside the corpus (NEWSPORTAL_CORPUS)")
    files, report = hostile.write(made, tmp_path), tmp_path / "report.jsonl"
    with pytest.raises(SystemExit) as ended:
        call_command("import_articles", str(files), "--json", "--report", str(report))
    judged = hostile.judge(made, tmp_path, report, capsys.readouterr().err, ended.value.code)
    assert ended.value.code == 1
    assert judged.returncode == 0, judged.stdout
