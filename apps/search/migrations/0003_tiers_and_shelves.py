"""The projection in tiers of popularity, with an index a sort for each shelf.

It is emptied first, since its rows can't be made from themselves; `search_rebuild` fills it, as does
the check for drift. So no row is rewritten here, however many courses there are.
"""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0001_initial'),
        ('search', '0002_documents_and_vocabulary'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("TRUNCATE search_document", migrations.RunSQL.noop),
        migrations.CreateModel(
            name='SearchShelf',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('ru', 'Русский'), ('de', 'Deutsch'), ('es', 'Español'), ('fr', 'Français'), ('kk', 'Қазақша'), ('zh', '中文')], db_collation='C', max_length=2)),
            ],
            options={
                'db_table': 'search_shelf',
            },
        ),
        migrations.CreateModel(
            name='SearchTier',
            fields=[
                ('tier', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last_popularity', models.PositiveIntegerField(null=True)),
                ('last_course', models.BigIntegerField(null=True)),
                ('documents', models.PositiveIntegerField()),
            ],
            options={
                'db_table': 'search_tier',
            },
        ),
        migrations.RemoveIndex(
            model_name='searchdocument',
            name='search_body',
        ),
        migrations.RemoveIndex(
            model_name='searchdocument',
            name='search_newest',
        ),
        migrations.RemoveIndex(
            model_name='searchdocument',
            name='search_price',
        ),
        migrations.RemoveIndex(
            model_name='searchdocument',
            name='search_rating',
        ),
        migrations.RemoveIndex(
            model_name='searchdocument',
            name='search_category',
        ),
        migrations.AddField(
            model_name='searchdocument',
            name='tier',
            field=models.PositiveSmallIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='searchdocument',
            name='title',
            field=models.TextField(default=''),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='searchdocument',
            name='language',
            field=models.CharField(choices=[('en', 'English'), ('ru', 'Русский'), ('de', 'Deutsch'), ('es', 'Español'), ('fr', 'Français'), ('kk', 'Қазақша'), ('zh', '中文')], db_collation='C', max_length=2),
        ),
        migrations.AlterField(
            model_name='searchdocument',
            name='level',
            field=models.CharField(choices=[('beginner', 'Beginner'), ('intermediate', 'Intermediate'), ('advanced', 'Advanced')], db_collation='C', max_length=12),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('tier', 0)), fastupdate=False, fields=['title_vector'], name='search_title_0'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('tier', 1)), fastupdate=False, fields=['title_vector'], name='search_title_1'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('tier', 2)), fastupdate=False, fields=['title_vector'], name='search_title_2'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('tier', 0)), fastupdate=False, fields=['body_vector'], name='search_body_0'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('tier', 1)), fastupdate=False, fields=['body_vector'], name='search_body_1'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('tier', 2)), fastupdate=False, fields=['body_vector'], name='search_body_2'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(models.F('language'), models.OrderBy(models.F('popularity'), descending=True), models.OrderBy(models.F('course'), descending=True), models.F('level'), models.F('rating'), models.F('price_key'), models.F('duration_minutes'), name='search_language_popular'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(models.F('language'), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('course'), descending=True), models.F('level'), models.F('rating'), models.F('price_key'), models.F('duration_minutes'), name='search_language_newest'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(models.F('language'), models.OrderBy(models.F('rating_key'), descending=True), models.OrderBy(models.F('course'), descending=True), models.F('level'), models.F('rating'), models.F('price_key'), models.F('duration_minutes'), name='search_language_rating'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(models.F('language'), models.F('price_key'), models.F('course'), models.F('level'), models.F('rating'), models.F('duration_minutes'), name='search_language_price'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(models.F('category'), models.F('language'), models.OrderBy(models.F('popularity'), descending=True), models.OrderBy(models.F('course'), descending=True), models.F('level'), models.F('rating'), models.F('price_key'), models.F('duration_minutes'), name='search_category_popular'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(models.F('category'), models.F('language'), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('course'), descending=True), models.F('level'), models.F('rating'), models.F('price_key'), models.F('duration_minutes'), name='search_category_newest'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(models.F('category'), models.F('language'), models.OrderBy(models.F('rating_key'), descending=True), models.OrderBy(models.F('course'), descending=True), models.F('level'), models.F('rating'), models.F('price_key'), models.F('duration_minutes'), name='search_category_rating'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(models.F('category'), models.F('language'), models.F('price_key'), models.F('course'), models.F('level'), models.F('rating'), models.F('duration_minutes'), name='search_category_price'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('title'), 'gin_trgm_ops'), name='search_title_trigrams'),
        ),
        migrations.AddField(
            model_name='searchshelf',
            name='category',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='courses.category'),
        ),
        migrations.AddConstraint(
            model_name='searchshelf',
            constraint=models.UniqueConstraint(fields=('category', 'language'), name='search_shelf_once'),
        ),
    ]
