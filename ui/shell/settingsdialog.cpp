// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/settingsdialog.h"

#include "core/base/tr.h"
#include "core/base/translations.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/exporting.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

/// Displayed text of a choice.
QString choiceText(const Setting &setting, const QString &choice)
{
    if (qstrcmp(setting.key, "window/theme") == 0)
        return choice == u"1" ? SettingsDialog::tr("Dark")
            : choice == u"2"  ? SettingsDialog::tr("Light")
                              : SettingsDialog::tr("Follow the system");
    if (qstrcmp(setting.key, "window/scale") == 0)
        return choice + u" %"_s;
    for (const Language &each : languages())
        if (each.code == choice)
            return each.name;
    return SettingsDialog::tr("Language of the system");
}

QString valueText(const Setting &setting, const QVariant &value)
{
    switch (setting.kind) {
    case Setting::Kind::Switch: return value.toBool() ? SettingsDialog::tr("on") : SettingsDialog::tr("off");
    case Setting::Kind::Number:
        return setting.unit ? value.toString() + u' ' + QString::fromLatin1(setting.unit) : value.toString();
    case Setting::Kind::Choice: return choiceText(setting, value.toString());
    }
    Q_UNREACHABLE();
}

/// Lays out a row: the title with `below` under it on the left, the controls on the right.
void layOutRow(QWidget *row, const QString &title, QWidget *below, std::initializer_list<QWidget *> controls)
{
    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(plainLabel(title, nullptr, row));
    words->addWidget(below);
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->addLayout(words, 1);
    for (QWidget *control : controls)
        line->addWidget(control, 0, Qt::AlignVCenter);
}

} // namespace

SettingsDialog::SettingsDialog(QSettings &settings, const Theme &theme, const QList<Place> &places, QWidget *parent)
    : QDialog(parent), m_settings(settings), m_theme(theme), m_search(new QLineEdit(this))
{
    setObjectName(u"settingsDialog"_s);
    setWindowTitle(tr("Settings"));
    resize(680, 620);
    m_search->setPlaceholderText(tr("Find a setting or a folder…"));
    m_search->setAccessibleName(tr("Find a setting or a folder"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(themedIcon(u"search"_s, theme), QLineEdit::LeadingPosition);
    auto *content = new QWidget(this);
    auto *rows = new QVBoxLayout(content);
    rows->setContentsMargins(0, 0, 8, 0);
    rows->setSpacing(14);
    const char *area = nullptr;
    QLabel *heading = nullptr;
    for (const Setting &setting : settingsTable()) {
        if (!area || qstrcmp(area, setting.area) != 0)
            heading = addHeading(rows, slotscope::tr(setting.area));
        area = setting.area;
        addSetting(rows, heading, setting);
    }
    addLayoutReset(rows);
    heading = addHeading(rows, tr("Where data is stored"));
    for (const Place &place : places)
        addPlace(rows, heading, place);
    m_none = plainLabel(tr("No setting matches."), "muted", content);
    m_none->hide();
    rows->addWidget(m_none);
    rows->addStretch(1);
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    auto *reset = new QPushButton(tr("Reset all"), this);
    reset->setObjectName(u"resetAll"_s);
    auto *close = new QPushButton(tr("Close"), this);
    close->setProperty("primary", true); // not the default: Enter in the search must not close the dialog
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(reset);
    buttons->addStretch();
    buttons->addWidget(close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(14);
    layout->addWidget(m_search);
    layout->addWidget(scroll, 1);
    layout->addLayout(buttons);
    connect(m_search, &QLineEdit::textChanged, this, &SettingsDialog::filter);
    connect(reset, &QPushButton::clicked, this, &SettingsDialog::resetAll);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    for (QPushButton *button : {reset, close})
        button->setAutoDefault(false); // so that Enter in the search field does not press the button
    update();
}

QLabel *SettingsDialog::addHeading(QVBoxLayout *layout, const QString &text)
{
    QLabel *heading = plainLabel(text, nullptr, this);
    QFont font = heading->font();
    font.setWeight(QFont::DemiBold);
    heading->setFont(font);
    layout->addWidget(heading);
    return heading;
}

QWidget *SettingsDialog::makeControl(const Setting &setting, QWidget *row)
{
    const QString key = QString::fromLatin1(setting.key);
    switch (setting.kind) {
    case Setting::Kind::Switch: {
        auto *box = new QCheckBox(row);
        connect(box, &QCheckBox::toggled, this, [this, key](bool on) { set(key, on); });
        return box;
    }
    case Setting::Kind::Number: {
        auto *box = new QSpinBox(row);
        box->setRange(setting.least, setting.most);
        box->setKeyboardTracking(false); // otherwise typing “20” would first apply “2” and remove files
        if (setting.unit)
            box->setSuffix(u' ' + QString::fromLatin1(setting.unit));
        connect(box, &QSpinBox::valueChanged, this, [this, key](int number) { set(key, number); });
        return box;
    }
    case Setting::Kind::Choice: {
        auto *box = new QComboBox(row);
        for (const QString &choice : setting.choices)
            box->addItem(choiceText(setting, choice), choice);
        connect(box, &QComboBox::activated, this, [this, key, box] { set(key, box->currentData()); });
        return box;
    }
    }
    Q_UNREACHABLE();
}

void SettingsDialog::addSetting(QVBoxLayout *layout, QLabel *heading, const Setting &setting)
{
    const QString key = QString::fromLatin1(setting.key), title = slotscope::tr(setting.title),
                  what = slotscope::tr(setting.what);
    auto *row = new QWidget(this);
    QWidget *control = makeControl(setting, row);
    control->setAccessibleName(title);
    control->setAccessibleDescription(what);
    auto *reset = new QToolButton(row);
    reset->setIcon(themedIcon(u"undo"_s, m_theme));
    reset->setToolTip(tr("Reset to “%1”").arg(valueText(setting, setting.standard)));
    reset->setAccessibleName(tr("Reset “%1”").arg(title));
    connect(reset, &QToolButton::clicked, this, [this, key, standard = setting.standard] {
        set(key, standard);
        update();
    });
    layOutRow(row, title, wrappedLabel(what, "muted", row), {control, reset});
    layout->addWidget(row);
    m_controls.insert(key, control);
    m_resets.insert(key, reset);
    m_rows.append({row, heading, title, heading->text() + u' ' + title + u' ' + what});
}

void SettingsDialog::addPlace(QVBoxLayout *layout, QLabel *heading, const Place &place)
{
    auto *row = new QWidget(this);
    auto *path = new ElidedLabel(place.path, Qt::ElideMiddle, row);
    path->setFont(Theme::monoFont());
    path->setProperty("tone", u"muted"_s);
    auto *open = new QPushButton(tr("Open folder"), row);
    open->setAutoDefault(false);
    open->setAccessibleName(tr("Open the folder of “%1”").arg(place.title));
    const QString folder = place.isFile ? QFileInfo(place.path).absolutePath() : place.path;
    connect(open, &QPushButton::clicked, this, [this, folder] {
        if (openOwnFolder(folder))
            return;
        auto *told = new QMessageBox(QMessageBox::Warning, windowTitle(), tr("%1 could not be opened.").arg(folder),
                                     QMessageBox::Close, this);
        told->setTextFormat(Qt::PlainText);
        told->setAttribute(Qt::WA_DeleteOnClose);
        told->open();
    });
    layOutRow(row, place.title, path, {open});
    layout->addWidget(row);
    m_rows.append({row, heading, place.title, heading->text() + u' ' + place.title + u' ' + place.path});
}

void SettingsDialog::addLayoutReset(QVBoxLayout *layout)
{
    QLabel *heading = addHeading(layout, tr("Pages"));
    auto *row = new QWidget(this);
    const QString
        title = tr("Layout of pages"),
        what = tr(
            "Widths, columns, tabs and other states of the pages. Favourites, searches, formats and thresholds stay.");
    auto *reset = new QPushButton(tr("Reset layout"), row);
    reset->setObjectName(u"resetLayout"_s);
    reset->setAutoDefault(false);
    connect(reset, &QPushButton::clicked, this, &SettingsDialog::layoutResetRequested);
    layOutRow(row, title, wrappedLabel(what, "muted", row), {reset});
    layout->addWidget(row);
    m_rows.append({row, heading, title, heading->text() + u' ' + title + u' ' + what});
}

void SettingsDialog::set(const QString &key, const QVariant &value)
{
    if (m_updating || !setSetting(m_settings, key, value))
        return;
    Q_EMIT changed(key);
    update();
}

void SettingsDialog::update()
{
    m_updating = true;
    for (const Setting &setting : settingsTable()) {
        const QString key = QString::fromLatin1(setting.key);
        const QVariant value = settingValue(m_settings, key);
        QWidget *control = m_controls.value(key);
        if (auto *check = qobject_cast<QCheckBox *>(control))
            check->setChecked(value.toBool());
        else if (auto *number = qobject_cast<QSpinBox *>(control))
            number->setValue(value.toInt());
        else if (auto *choice = qobject_cast<QComboBox *>(control))
            choice->setCurrentIndex(choice->findData(value.toString()));
        m_resets.value(key)->setEnabled(value != setting.standard);
    }
    m_updating = false;
}

void SettingsDialog::resetAll()
{
    for (const Setting &setting : settingsTable())
        set(QString::fromLatin1(setting.key), setting.standard);
}

void SettingsDialog::filter(const QString &text)
{
    const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
    QSet<QLabel *> headings;
    for (const Row &row : std::as_const(m_rows)) {
        const bool fits = std::all_of(words.begin(), words.end(), [&row](const QString &word) {
            return row.words.contains(word, Qt::CaseInsensitive);
        });
        row.widget->setVisible(fits);
        if (fits)
            headings.insert(row.heading);
    }
    for (const Row &row : std::as_const(m_rows))
        row.heading->setVisible(headings.contains(row.heading));
    m_none->setVisible(headings.isEmpty());
}

QStringList SettingsDialog::shownRows() const
{
    QStringList titles;
    for (const Row &row : m_rows)
        if (!row.widget->isHidden())
            titles.append(row.title);
    return titles;
}

} // namespace slotscope
