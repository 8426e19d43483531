import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('credit_day', models.DateField(null=True)),
                ('spend_day', models.DateField()),
                ('course_id', models.BigIntegerField(null=True)),
                ('task', models.CharField(max_length=40)),
                ('model', models.CharField(blank=True, max_length=120)),
                ('prompt_version', models.CharField(max_length=10)),
                ('micro', models.PositiveBigIntegerField(default=0)),
                ('answered', models.BooleanField(default=False)),
                ('leased_until', models.DateTimeField(db_index=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SpendDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('course_id', models.BigIntegerField(null=True, verbose_name='course')),
                ('reserved_micro', models.PositiveBigIntegerField(default=0, verbose_name='reserved')),
                ('spent_micro', models.PositiveBigIntegerField(default=0, verbose_name='spent')),
            ],
            options={
                'verbose_name': 'spending of a day',
                'verbose_name_plural': 'spending by day',
                'constraints': [models.UniqueConstraint(fields=('day', 'course_id'), name='spend_day_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='CreditDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('limit', models.PositiveIntegerField(verbose_name='limit')),
                ('reserved', models.PositiveIntegerField(default=0, verbose_name='reserved')),
                ('used', models.PositiveIntegerField(default=0, verbose_name='used')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'credits of a day',
                'verbose_name_plural': 'credits by day',
                'constraints': [models.UniqueConstraint(fields=('user', 'day'), name='credit_day_once')],
            },
        ),
        migrations.CreateModel(
            name='ModelCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.CharField(max_length=40, verbose_name='task')),
                ('course_id', models.BigIntegerField(null=True, verbose_name='course')),
                ('model', models.CharField(max_length=120, verbose_name='model')),
                ('prompt_version', models.CharField(max_length=10, verbose_name='prompt')),
                ('tokens_in', models.PositiveIntegerField(default=0, verbose_name='tokens in')),
                ('tokens_out', models.PositiveIntegerField(default=0, verbose_name='tokens out')),
                ('cost_micro', models.PositiveBigIntegerField(default=0, verbose_name='cost, millionths of a dollar')),
                ('duration_ms', models.PositiveIntegerField(default=0, verbose_name='milliseconds')),
                ('cached', models.BooleanField(default=False, verbose_name='from the cache')),
                ('result', models.CharField(choices=[('ok', 'accepted'), ('invalid', 'unusable answer'), ('refused', 'refused by the model'), ('away', 'no answer'), ('lost', 'never settled')], max_length=10, verbose_name='result')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'model call',
                'verbose_name_plural': 'model calls',
                'indexes': [models.Index(fields=['-at', '-id'], name='model_call_newest'), models.Index(fields=['user', 'at'], name='model_call_user')],
            },
        ),
    ]
